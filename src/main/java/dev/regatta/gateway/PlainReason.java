package dev.regatta.gateway;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why an exchange did not end well, in words for people: what happened, and what to do next. */
final class PlainReason {
  private static final int DEEPEST = 10;

  private PlainReason() {}

  /**
   * The words for a failure.
   *
   * @param route where requests were to go
   */
  static String of(Throwable failure, Route route) {
    String there = there(route);
    int depth = 0;
    for (Throwable at = failure; at != null && depth < DEEPEST; at = at.getCause(), depth++) {
      String words = words(at, there);
      if (!words.isEmpty()) {
        return words;
      }
    }
    String said = failure.getMessage();
    return there + " could not be asked" + (said == null ? "" : ": " + said);
  }

  private static String words(Throwable failure, String there) {
    return switch (failure) {
      case ClientGone ignored -> "the agent went away before the answer was whole";
      case UnknownHostException ignored -> unknown(there);
      case UnresolvedAddressException ignored -> unknown(there);
      case SocketTimeoutException ignored -> late(there);
      case TimeoutException ignored -> late(there);
      case ConnectException ignored ->
          there + " takes no connections: look whether it runs, and whether the address is right";
      case CertificateException ignored -> notBelieved(there);
      case CertPathBuilderException ignored -> notBelieved(there);
      case SSLException secure -> secure(secure, there);
      case EOFException ignored -> brokeOff(there);
      case ClosedChannelException ignored -> brokeOff(there);
      default -> isReset(failure) ? brokeOff(there) : "";
    };
  }

  /** A certificate that is not believed is deeper in, and says more. */
  private static String secure(SSLException failure, String there) {
    for (Throwable at = failure.getCause(); at != null; at = at.getCause()) {
      if (at instanceof CertificateException || at instanceof CertPathBuilderException) {
        return notBelieved(there);
      }
    }
    return there
        + " speaks no TLS that is understood ("
        + failure.getMessage()
        + "): look whether the address should begin with http://";
  }

  private static boolean isReset(Throwable failure) {
    String said = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return failure instanceof java.io.IOException
        && (said.contains("connection reset") || said.contains("broken pipe"));
  }

  private static String unknown(String there) {
    return "no address is known for " + there + ": look at its spelling, and at the network";
  }

  private static String late(String there) {
    return there + " did not answer in time: look at the network and at HTTPS_PROXY";
  }

  private static String notBelieved(String there) {
    return "the certificate of "
        + there
        + " is not believed: an authority of your own is named with NODE_EXTRA_CA_CERTS";
  }

  private static String brokeOff(String there) {
    return there + " broke the connection off before the answer was whole: try again";
  }

  private static String there(Route route) {
    String upstream = route.upstream().getAuthority();
    return route.proxy().map(proxy -> upstream + " by way of " + told(proxy)).orElse(upstream);
  }

  private static String told(InetSocketAddress proxy) {
    return proxy.getHostString() + ":" + proxy.getPort();
  }
}
