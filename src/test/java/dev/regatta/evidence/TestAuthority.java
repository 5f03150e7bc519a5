package dev.regatta.evidence;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** A timestamp authority on loopback, with a root of its own. */
public final class TestAuthority implements AutoCloseable {
  /** Any time within the validity of its certificates. */
  public static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static final String SIGNATURES = "SHA256withECDSA";

  private final HttpServer server;
  private final KeyPair rootKey = pair();
  private final KeyPair key = pair();
  private final AtomicLong serials = new AtomicLong();
  final X509Certificate root;
  final X509Certificate own;
  private volatile UnaryOperator<byte[]> change = answer -> answer;
  private volatile int status = 200;

  private TestAuthority(HttpServer server) {
    this.server = server;
    this.root = certificate("CN=Root", rootKey, "CN=Root", rootKey, true);
    this.own = certificate("CN=Test Authority", key, "CN=Root", rootKey, false);
  }

  /** Starts one. */
  public static TestAuthority start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      TestAuthority authority = new TestAuthority(server);
      server.createContext(
          "/",
          exchange -> {
            byte[] answer = authority.answer(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(authority.status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.start();
      return authority;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/tsa");
  }

  /** The root's certificate in PEM. */
  public String rootPem() {
    try {
      return PublicKeys.pem("CERTIFICATE", root.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has it answer with that status. */
  public void answerWith(int other) {
    status = other;
  }

  /** Has it change its answers. */
  void change(UnaryOperator<byte[]> how) {
    change = how;
  }

  private byte[] answer(byte[] asked) {
    try {
      DigestCalculator sha1 =
          new JcaDigestCalculatorProviderBuilder()
              .build()
              .get(new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.14.3.2.26")));
      TimeStampTokenGenerator tokens =
          new TimeStampTokenGenerator(
              new JcaSimpleSignerInfoGeneratorBuilder().build(SIGNATURES, key.getPrivate(), own),
              sha1,
              new ASN1ObjectIdentifier("1.2.3.4"));
      tokens.addCertificates(new JcaCertStore(List.of(own, root)));
      byte[] answer =
          new TimeStampResponseGenerator(tokens, Set.of(TSPAlgorithms.SHA256.getId()))
              .generate(
                  new TimeStampRequest(asked),
                  BigInteger.valueOf(serials.incrementAndGet()),
                  Date.from(NOW))
              .getEncoded();
      return change.apply(answer);
    } catch (IOException | TSPException | OperatorCreationException | GeneralSecurityException e) {
      return String.valueOf(e).getBytes(StandardCharsets.UTF_8);
    }
  }

  private X509Certificate certificate(
      String subject, KeyPair subjectKey, String issuer, KeyPair issuerKey, boolean authority) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name(issuer),
              BigInteger.valueOf(authority ? 1 : 2),
              Date.from(NOW.minus(Duration.ofDays(1))),
              // The library writes the real time into the signature, and it must lie within.
              Date.from(NOW.plus(Duration.ofDays(36_500))),
              new X500Name(subject),
              subjectKey.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!authority) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            true,
            new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(SIGNATURES).build(issuerKey.getPrivate())));
    } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("EC").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A refusal as the protocol has it. */
  static byte[] refusal() {
    // PKIStatusInfo { status 2 } alone, in DER.
    return Base64.getDecoder().decode("MAUwAwIBAg==");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
