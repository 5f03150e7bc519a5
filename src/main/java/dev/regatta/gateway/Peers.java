package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import dev.regatta.secret.Sha256;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a connection. */
final class Peers {
  private Peers() {}

  static Exchange.Upstream of(String host, Connection connection) {
    EndPoint.SslSessionData secure = connection.getSslSessionData();
    SSLSession session = secure == null ? null : secure.sslSession();
    return new Exchange.Upstream(
        host,
        address(connection.getRemoteSocketAddress()),
        session == null ? null : session.getProtocol(),
        secure == null ? null : fingerprint(secure.peerCertificates()));
  }

  private static String address(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : String.valueOf(address);
  }

  private static @Nullable String fingerprint(X509Certificate @Nullable [] chain) {
    if (chain == null || chain.length == 0) {
      return null;
    }
    try {
      return Sha256.of(chain[0].getEncoded());
    } catch (CertificateEncodingException e) {
      return null; // a certificate without an encoding has no fingerprint
    }
  }
}
