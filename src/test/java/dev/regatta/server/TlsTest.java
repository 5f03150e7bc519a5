package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys in files, good ones and others, and connections that use them. */
class TlsTest {
  private static final Instant NOW = Instant.now();

  @TempDir Path folder;

  private static KeyPair pair(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("RSA")) {
      generator.initialize(2048);
    } else if (algorithm.equals("EC")) {
      generator.initialize(256);
    }
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(KeyPair pair, Instant from, Instant to)
      throws Exception {
    X500Name name = new X500Name("CN=test");
    String algorithm =
        switch (pair.getPublic().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    name, BigInteger.ONE, Date.from(from), Date.from(to), name, pair.getPublic())
                .addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                        new GeneralName[] {
                          new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                          new GeneralName(GeneralName.dNSName, "build.example"),
                          new GeneralName(GeneralName.dNSName, "*.lab.example")
                        }))
                .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
  }

  private static X509Certificate certificate(KeyPair pair) throws Exception {
    return certificate(pair, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)));
  }

  private Path certificateFile(X509Certificate certificate) throws Exception {
    return pem("cert.pem", "CERTIFICATE", certificate.getEncoded());
  }

  private Path keyFile(KeyPair pair) throws IOException {
    Path file = pem("key.pem", "PRIVATE KEY", pair.getPrivate().getEncoded());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private Path pem(String name, String kind, byte[] bytes) throws IOException {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return Files.writeString(
        folder.resolve(name),
        "Some words before it.\n-----BEGIN "
            + kind
            + "-----\n"
            + text
            + "\n-----END "
            + kind
            + "-----\n");
  }

  private CommandServer open(ServerTls tls) {
    return CommandServer.start(
        Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES),
        new Entrance(Optional.of(ServerToken.in(folder.resolve("server"))), Optional.of(tls)),
        folder.resolve("server"),
        Optional.empty());
  }

  private static HttpClient trusting(X509Certificate certificate) throws Exception {
    return HttpClient.newBuilder().sslContext(context(certificate)).build();
  }

  private static SSLContext context(X509Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  @ParameterizedTest
  @CsvSource({"RSA", "EC", "Ed25519"})
  void healthAndWebSocketWorkOverTlsWithKeysOfEachKind(String algorithm) throws Exception {
    KeyPair pair = pair(algorithm);
    X509Certificate certificate = certificate(pair);
    ServerTls tls = ServerTls.of(certificateFile(certificate), keyFile(pair), NOW);
    assertThat(tls.warning()).isEmpty();
    try (CommandServer server = open(tls);
        HttpClient client = trusting(certificate)) {
      assertThat(server.baseUrl().toString()).startsWith("https://127.0.0.1:");
      HttpResponse<String> health =
          client.send(
              HttpRequest.newBuilder(server.baseUrl().resolve("/healthz")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(health.statusCode()).isEqualTo(200);
      CompletableFuture<String> first = new CompletableFuture<>();
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + token())
              .buildAsync(
                  URI.create("wss" + server.baseUrl().toString().substring(5) + "/ws"),
                  new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(
                        WebSocket from, CharSequence data, boolean last) {
                      first.complete(data.toString());
                      return null;
                    }
                  })
              .join();
      assertThat(first.get(60, TimeUnit.SECONDS)).contains("connected");
      socket.abort(); // else closing the client would wait for it
    }
  }

  private String token() throws IOException {
    return Files.readString(folder.resolve("server/token")).strip();
  }

  @Test
  void originAndHostAndCookieFollowTheScheme() throws Exception {
    KeyPair pair = pair("EC");
    X509Certificate certificate = certificate(pair);
    ServerTls tls = ServerTls.of(certificateFile(certificate), keyFile(pair), NOW);
    try (CommandServer server = open(tls)) {
      String host = "127.0.0.1:" + server.baseUrl().getPort();
      String known = "Authorization: Bearer " + token();
      assertThat(secretly(certificate, server, host, known, "Origin: https://" + host))
          .contains(" 200 ");
      assertThat(secretly(certificate, server, host, known, "Origin: http://" + host))
          .contains(" 403 ");
      String own = "build.example:" + server.baseUrl().getPort();
      assertThat(secretly(certificate, server, own, known)).contains(" 200 ");
      assertThat(secretly(certificate, server, "a.l" + own.substring(1), known)).contains(" 421 ");
      assertThat(secretly(certificate, server, "a.lab.example" + own.substring(13), known))
          .contains(" 200 ");
      assertThat(secretly(certificate, server, "evil.example" + own.substring(13), known))
          .contains(" 421 ");
      assertThat(server.admission().cookie("x")).endsWith("; Secure");
      assertThat(server.loginLink().toString()).startsWith("https://");
    }
  }

  private static String secretly(
      X509Certificate certificate, CommandServer server, String host, String... more)
      throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            context(certificate)
                .getSocketFactory()
                .createSocket("127.0.0.1", server.baseUrl().getPort())) {
      socket.setSoTimeout(10_000);
      String request =
          "GET / HTTP/1.1\r\nHost: "
              + host
              + "\r\nConnection: close\r\n"
              + String.join("\r\n", more)
              + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
      }
    }
  }

  @Test
  void whoSpeaksPlainlyToItIsNotServed() throws Exception {
    KeyPair pair = pair("EC");
    ServerTls tls = ServerTls.of(certificateFile(certificate(pair)), keyFile(pair), NOW);
    try (CommandServer server = open(tls)) {
      String host = "127.0.0.1:" + server.baseUrl().getPort();
      assertThat(Served.raw(server, "GET /healthz HTTP/1.1", "Host: " + host))
          .doesNotContain(" 200 ");
    }
  }

  @Test
  void keysInTheirOlderFormsAreReadToo() throws Exception {
    for (String algorithm : new String[] {"RSA", "EC"}) {
      KeyPair pair = pair(algorithm);
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
      byte[] older =
          algorithm.equals("RSA")
              ? info.parsePrivateKey().toASN1Primitive().getEncoded()
              : new ECPrivateKey(
                      256,
                      ECPrivateKey.getInstance(info.parsePrivateKey()).getKey(),
                      info.getPrivateKeyAlgorithm().getParameters())
                  .getEncoded();
      Path old = pem("old.pem", algorithm + " PRIVATE KEY", older);
      assertThat(Files.readString(old)).contains("BEGIN " + algorithm + " PRIVATE KEY");
      assertThat(ServerTls.of(certificateFile(certificate(pair)), old, NOW).warning())
          .hasValueSatisfying(
              words -> assertThat(words).contains("others may read this key", "chmod 600"));
    }
  }

  @Test
  void whatIsWrongWithAFileIsSaidWithItsName() throws Exception {
    KeyPair pair = pair("EC");
    Path key = keyFile(pair);
    Path good = certificateFile(certificate(pair));
    refused(folder.resolve("none.pem"), key, "the certificate's file", "none.pem is not there");
    refused(good, folder.resolve("none.key"), "the key's file", "none.key is not there");
    Path words = Files.writeString(folder.resolve("words.pem"), "no PEM\n");
    refused(words, key, "words.pem holds no certificate", "BEGIN CERTIFICATE");
    refused(good, words, "words.pem holds no key", "BEGIN PRIVATE KEY");
    Path bytes = Files.write(folder.resolve("bytes.der"), new byte[] {(byte) 0xff, 0, 1});
    refused(bytes, key, "bytes.der is no PEM file", "no text");
    Path broken =
        Files.writeString(
            folder.resolve("broken.pem"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    refused(broken, key, "broken.pem is no PEM file");
    refused(good, key(pair("EC"), "other.pem"), "other.pem is not the key of the certificate in");
    refused(good, key(pair("RSA"), "rsa.pem"), "rsa.pem is not the key of the certificate in");
    Path locked = folder.resolve("locked.pem");
    try (JcaPEMWriter writer = new JcaPEMWriter(Files.newBufferedWriter(locked))) {
      writer.writeObject(
          pair.getPrivate(),
          new JcePEMEncryptorBuilder("AES-128-CBC")
              .setProvider(new BouncyCastleProvider())
              .build(new char[] {'x'}));
    }
    refused(good, locked, "locked.pem needs a passphrase");
    Instant old = NOW.minus(Duration.ofDays(3));
    Path expired = certificateFile(certificate(pair, old, old.plus(Duration.ofDays(1))));
    refused(expired, key, "cert.pem: the certificate expired at 20");
    Instant soon = NOW.plus(Duration.ofDays(3));
    Path early = certificateFile(certificate(pair, soon, soon.plus(Duration.ofDays(1))));
    refused(early, key, "cert.pem: the certificate is valid only from 20");
  }

  private Path key(KeyPair pair, String name) throws IOException {
    return pem(name, "PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  private static void refused(Path certificate, Path key, String... words) {
    assertThatThrownBy(() -> ServerTls.of(certificate, key, NOW))
        .isInstanceOf(ServerProblem.class)
        .hasMessageContainingAll(words);
  }
}
