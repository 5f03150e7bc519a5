package dev.regatta.evidence;

import dev.regatta.secret.Sha256;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Selector;
import org.jspecify.annotations.Nullable;

/**
 * A timestamp token of RFC 3161, and whether it is about something.
 *
 * @param at when the authority says that it was there
 * @param authority the name in the certificate that signed it
 * @param trusted whether that certificate leads to one that was given
 */
record Timestamp(Instant at, String authority, boolean trusted) {

  /** It does not hold; the message says why. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  /**
   * Reads a token and checks it.
   *
   * @param der the token
   * @param content what it should be about
   * @param trusted certificates of authorities that are believed
   * @throws Invalid if it is about something else, or its signature does not hold
   */
  static Timestamp check(byte[] der, byte[] content, List<X509Certificate> trusted) throws Invalid {
    try {
      TimeStampToken token = new TimeStampToken(new CMSSignedData(der));
      String digest = HexFormat.of().formatHex(token.getTimeStampInfo().getMessageImprintDigest());
      if (!token.getTimeStampInfo().getMessageImprintAlgOID().equals(TSPAlgorithms.SHA256)
          || !digest.equals(Sha256.of(content))) {
        throw new Invalid("it is about something else");
      }
      List<X509Certificate> all = certificates(token, null);
      List<X509Certificate> signers = certificates(token, token.getSID());
      if (signers.size() != 1) {
        throw new Invalid("the certificate that signed it is not in it");
      }
      X509Certificate signer = signers.getFirst();
      // Also that it is a certificate for timestamps, and was valid at that time (RFC 3161, 2.3).
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
      Date at = token.getTimeStampInfo().getGenTime();
      return new Timestamp(
          at.toInstant(),
          signer.getSubjectX500Principal().getName(),
          leadsTo(trusted, signer, all, at));
    } catch (CMSException | TSPException | IOException | OperatorCreationException e) {
      throw new Invalid(String.valueOf(e.getMessage()));
    } catch (GeneralSecurityException | RuntimeException e) {
      // The library throws what its parsers throw at bytes that nobody has checked before.
      throw new Invalid("it is no timestamp: " + e.getMessage());
    }
  }

  private static List<X509Certificate> certificates(
      TimeStampToken token, @Nullable Selector<X509CertificateHolder> which)
      throws GeneralSecurityException {
    List<X509Certificate> found = new ArrayList<>();
    for (X509CertificateHolder each : token.getCertificates().getMatches(which)) {
      found.add(new JcaX509CertificateConverter().getCertificate(each));
    }
    return found;
  }

  private static boolean leadsTo(
      List<X509Certificate> trusted, X509Certificate signer, List<X509Certificate> all, Date at)
      throws GeneralSecurityException {
    if (trusted.isEmpty() || trusted.contains(signer)) {
      return !trusted.isEmpty();
    }
    Set<TrustAnchor> anchors =
        trusted.stream()
            .map(certificate -> new TrustAnchor(certificate, null))
            .collect(Collectors.toSet());
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(signer);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setRevocationEnabled(false); // nothing is asked of anybody
    parameters.setDate(at);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
    try {
      CertPathBuilder.getInstance("PKIX").build(parameters);
      return true;
    } catch (CertPathBuilderException e) {
      return false;
    }
  }
}
