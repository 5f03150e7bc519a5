package dev.regatta.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;

/** The client with which requests go on to the model API: HTTP/2 where TLS agrees on it. */
final class Onward {
  private static final int CONNECTIONS = 10_000;

  private Onward() {}

  static HttpClient client(Route route) {
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(trusting(route));
    HttpClientTransport transport = encrypted(route) ? both(connector) : plain(connector);
    // What comes is passed on by the thread that reads it, without waking another.
    transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
    return new HttpClient(transport);
  }

  private static boolean encrypted(Route route) {
    return "https".equalsIgnoreCase(route.upstream().getScheme());
  }

  private static HttpClientTransport both(ClientConnector connector) {
    return new HttpClientTransportDynamic(
        connector,
        HttpClientConnectionFactory.HTTP11,
        new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector)));
  }

  private static HttpClientTransport plain(ClientConnector connector) {
    HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
    transport.setHeaderCacheSize(0); // 30 KiB a connection, to save a few strings
    return transport;
  }

  static void configure(HttpClient client, Route route) {
    client.setUserAgentField(null); // the agent's own goes through
    client.setMaxConnectionsPerDestination(CONNECTIONS);
    client.setMaxRequestsQueuedPerDestination(CONNECTIONS);
    client.setIdleTimeout(0);
    route.proxy().ifPresent(proxy -> client.getProxyConfiguration().addProxy(proxy(proxy)));
  }

  private static HttpProxy proxy(InetSocketAddress address) {
    HttpProxy proxy = new HttpProxy(address.getHostString(), address.getPort());
    proxy.getExcludedAddresses().add("127.0.0.1"); // the gateway warms up with itself
    return proxy;
  }

  private static SslContextFactory.Client trusting(Route route) {
    if (!encrypted(route)) {
      return new NoTls();
    }
    SslContextFactory.Client factory = new SslContextFactory.Client();
    route.authority().ifPresent(file -> factory.setTrustStore(withPlatforms(file)));
    return factory;
  }

  /** Where nothing is encrypted: what TLS needs takes 60 ms to load. */
  private static final class NoTls extends SslContextFactory.Client {
    @Override
    protected void doStart() {}
  }

  /** The user's certificates beside those that are believed anyway. */
  private static KeyStore withPlatforms(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int number = 0;
      for (Certificate own : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        all.setCertificateEntry("own-" + number++, own);
      }
      for (X509Certificate known : platforms()) {
        all.setCertificateEntry("platform-" + number++, known);
      }
      return all;
    } catch (IOException e) {
      throw new GatewayProblem(file + " with own certificates can't be read: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new GatewayProblem(file + " holds no certificates: " + e.getMessage(), e);
    }
  }

  private static X509Certificate[] platforms() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager trust) {
        return trust.getAcceptedIssuers();
      }
    }
    return new X509Certificate[0];
  }
}
