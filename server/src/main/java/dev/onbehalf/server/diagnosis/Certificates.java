package dev.onbehalf.server.diagnosis;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** What certificates say about themselves. */
final class Certificates {
  private static final Duration SOON = Duration.ofDays(30);

  private Certificates() {}

  /** Says when a chain ends, if that is soon; empty while it is not. */
  static List<SetupFinding> expiry(
      String subject, String whose, List<X509Certificate> chain, Instant now, String remedy) {
    return chain.stream()
        .min(Comparator.comparing(X509Certificate::getNotAfter))
        .map(X509Certificate::getNotAfter)
        .map(date -> date.toInstant())
        .filter(end -> end.isBefore(now.plus(SOON)))
        .map(
            end -> {
              String day = end.atZone(ZoneOffset.UTC).toLocalDate().toString();
              return end.isBefore(now)
                  ? SetupFinding.fault(subject, whose + " expired on " + day + ".", remedy)
                  : SetupFinding.warning(
                      subject,
                      whose
                          + " expires on "
                          + day
                          + ", in "
                          + Duration.between(now, end).toDays()
                          + " days.",
                      remedy);
            })
        .map(finding -> List.of(finding.see("RFC 5280, section 4.1.2.5")))
        .orElse(List.of());
  }

  static List<X509Certificate> chain(SSLSocket socket) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate certificate : socket.getSession().getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
    return chain;
  }

  /**
   * Begins TLS on a connection.
   *
   * @param checked whether the certificate must hold; if not, it is only looked at, and nothing may
   *     be sent
   */
  static SSLSocket handshake(Socket plain, String host, int port, boolean checked)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            (checked ? (SSLSocketFactory) SSLSocketFactory.getDefault() : lookingOnly())
                .createSocket(plain, host, port, true);
    if (checked) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }

  private static SSLSocketFactory lookingOnly() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anything()}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not to be had: " + e.getMessage(), e);
    }
  }

  /** Refuses nothing: for looking at a certificate that was refused already. */
  private static final class Anything extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return Arrays.copyOf(new X509Certificate[0], 0);
    }
  }
}
