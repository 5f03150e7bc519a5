package dev.regatta.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * What the server shows of itself over TLS: a certificate with those that vouch for it, and its
 * key. Java itself reads PEM of one kind of key only, and other programs write three.
 */
public final class ServerTls {
  private static final int DNS_NAME = 2;
  private static final int ADDRESS = 7;

  private final KeyStore store;
  private final Set<String> names;
  private final Optional<String> warning;

  private ServerTls(KeyStore store, Set<String> names, Optional<String> warning) {
    this.store = store;
    this.names = names;
    this.warning = warning;
  }

  /**
   * What two PEM files hold.
   *
   * @param certificates the server's first, then those that vouch for it
   * @param key without a passphrase: PKCS#8, PKCS#1 or SEC 1
   * @param now when the server starts
   * @throws ServerProblem that names the file and what is wrong with it
   */
  public static ServerTls of(Path certificates, Path key, Instant now) {
    List<X509Certificate> chain = chain(certificates);
    PrivateKey secret = key(key);
    requireValid(certificates, chain.getFirst(), now);
    try {
      requirePair(certificates, chain.getFirst(), key, secret);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", secret, new char[0], chain.toArray(Certificate[]::new));
      return new ServerTls(store, names(chain.getFirst()), openKey(key));
    } catch (GeneralSecurityException | IOException e) {
      throw new ServerProblem(
          key + ": Java can't use this key with that certificate: " + e.getMessage(), e);
    }
  }

  /** What is not as it should be but works, in a line for people. */
  public Optional<String> warning() {
    return warning;
  }

  /** Whether the certificate is for that name, in lower case. */
  boolean names(String host) {
    int dot = host.indexOf('.');
    return names.contains(host) || (dot > 0 && names.contains("*" + host.substring(dot)));
  }

  SslContextFactory.Server context() {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStore(store);
    context.setKeyStorePassword("");
    context.setSniRequired(false); // whose name was called is looked at with each request
    return context;
  }

  private static List<X509Certificate> chain(Path file) {
    List<X509Certificate> chain = new ArrayList<>();
    for (Object object : objects(file, "certificate")) {
      if (object instanceof X509CertificateHolder holder) {
        try {
          chain.add(new JcaX509CertificateConverter().getCertificate(holder));
        } catch (GeneralSecurityException e) {
          throw new ServerProblem(file + ": a certificate in it can't be read: " + e, e);
        }
      }
    }
    if (chain.isEmpty()) {
      throw new ServerProblem(
          file + " holds no certificate: it must be PEM, with BEGIN CERTIFICATE");
    }
    return chain;
  }

  private static PrivateKey key(Path file) {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try {
      for (Object object : objects(file, "key")) {
        switch (object) {
          case PrivateKeyInfo info -> {
            return converter.getPrivateKey(info);
          }
          case PEMKeyPair pair -> {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
          }
          case PEMEncryptedKeyPair ignored -> throw locked(file);
          case PKCS8EncryptedPrivateKeyInfo ignored -> throw locked(file);
          default -> {
            // Parameters of a curve, or a certificate beside the key.
          }
        }
      }
    } catch (PEMException e) {
      throw new ServerProblem(file + ": Java knows no such key: " + e.getMessage(), e);
    }
    throw new ServerProblem(file + " holds no key: it must be PEM, with BEGIN PRIVATE KEY");
  }

  private static ServerProblem locked(Path file) {
    return new ServerProblem(
        file
            + " needs a passphrase, which nobody would be there to type: take one without, and"
            + " keep it readable by you alone");
  }

  private static List<Object> objects(Path file, String what) {
    List<Object> objects = new ArrayList<>();
    try (Reader text = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(text)) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        objects.add(next);
      }
      return objects;
    } catch (NoSuchFileException e) {
      throw new ServerProblem("the " + what + "'s file " + file + " is not there", e);
    } catch (AccessDeniedException e) {
      throw new ServerProblem("the " + what + "'s file " + file + " may not be read by you", e);
    } catch (MalformedInputException e) {
      throw new ServerProblem(file + " is no PEM file: it is no text", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new ServerProblem(file + " is no PEM file: " + e.getMessage(), e);
    }
  }

  private static void requireValid(Path file, X509Certificate certificate, Instant now) {
    try {
      certificate.checkValidity(Date.from(now));
    } catch (CertificateExpiredException e) {
      throw new ServerProblem(
          file + ": the certificate expired at " + certificate.getNotAfter().toInstant(), e);
    } catch (CertificateNotYetValidException e) {
      throw new ServerProblem(
          file + ": the certificate is valid only from " + certificate.getNotBefore().toInstant(),
          e);
    }
  }

  /** What the one signs the other must know. */
  private static void requirePair(
      Path file, X509Certificate certificate, Path keyFile, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    boolean pair = algorithm.equals(key.getAlgorithm());
    if (pair) {
      Signature signature = Signature.getInstance(signing(algorithm));
      signature.initSign(key);
      signature.update((byte) 1);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update((byte) 1);
      try {
        pair = signature.verify(signed);
      } catch (SignatureException e) {
        pair = false; // of another length or curve
      }
    }
    if (!pair) {
      throw new ServerProblem(keyFile + " is not the key of the certificate in " + file);
    }
  }

  private static String signing(String algorithm) {
    return switch (algorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> algorithm; // Ed25519 and its like sign under their own name
    };
  }

  private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
    Set<String> names = new TreeSet<>();
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> name : alternatives) {
        if (name.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == ADDRESS)) {
          names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }

  private static Optional<String> openKey(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Optional.empty();
    }
    Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
    return allowed.contains(PosixFilePermission.OTHERS_READ)
            || allowed.contains(PosixFilePermission.GROUP_READ)
        ? Optional.of(file + ": others may read this key; chmod 600 keeps it yours")
        : Optional.empty();
  }
}
