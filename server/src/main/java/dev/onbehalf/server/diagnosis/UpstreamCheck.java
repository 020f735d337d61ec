package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.diagnosis.HttpProbe.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether an upstream answers, trusts its public URL, and tells the right time. */
final class UpstreamCheck implements Doctor.Work {
  private final ApplicationConfig application;
  private final Upstream upstream;
  private final Clocks clocks;
  private final InstantSource clock;

  UpstreamCheck(ApplicationConfig application, Clocks clocks, InstantSource clock) {
    this.application = application;
    this.upstream = new Upstream(application);
    this.clocks = clocks;
    this.clock = clock;
  }

  String subject() {
    return "upstream of " + application.name();
  }

  @Override
  public List<SetupFinding> run() {
    Answer answer;
    try {
      answer =
          new HttpProbe(clock).get(upstream.origin(), upstream.target("/"), upstream.headers());
    } catch (CertificateException e) {
      List<SetupFinding> findings = new ArrayList<>();
      findings.add(
          SetupFinding.fault(
                  subject(),
                  "The certificate of " + upstream + " " + e.kind().words() + ".",
                  e.kind() == CertificateException.Kind.UNTRUSTED
                      ? "Import its authority into the trust store of the Java that runs Onbehalf"
                          + " (keytool -importcert -cacerts)."
                      : "Give the upstream a certificate that holds for "
                          + upstream.origin().host()
                          + ".")
              .see("RFC 9110, section 4.3.4"));
      if (e.kind() != CertificateException.Kind.EXPIRED) {
        findings.addAll(expiry(e.chain()));
      }
      return findings;
    } catch (IOException e) {
      return List.of(
          SetupFinding.fault(
              subject(),
              upstream + " cannot be reached: " + PeerFailures.words(e) + ".",
              "Start it, or correct the option upstream."));
    }
    List<SetupFinding> findings = new ArrayList<>();
    status(answer, findings);
    findings.addAll(clocks.compare(subject(), upstream.toString(), answer));
    findings.addAll(expiry(answer.chain()));
    if (findings.isEmpty()) {
      findings.add(
          SetupFinding.fine(subject(), upstream + " answers (status " + answer.status() + ")."));
    }
    return findings;
  }

  private List<SetupFinding> expiry(List<java.security.cert.X509Certificate> chain) {
    return Certificates.expiry(
        subject(),
        "The certificate of " + upstream,
        chain,
        clock.instant(),
        "Renew it on the upstream.");
  }

  private void status(Answer answer, List<SetupFinding> findings) {
    if (answer.status() >= 500) {
      findings.add(
          SetupFinding.warning(
              subject(),
              upstream + " answers with status " + answer.status() + ".",
              "It may be starting; if it stays so, its own log says why."));
    } else if (answer.status() == 400) {
      findings.add(
          SetupFinding.warning(
              subject(),
              upstream
                  + " refuses the host name "
                  + application.publicUrl().authority()
                  + " (status 400).",
              "Allow the public name in the upstream's own list of hosts."));
    }
    String location = answer.header("location");
    String elsewhere = location == null ? null : elsewhere(location);
    if (answer.status() >= 300 && answer.status() < 400 && elsewhere != null) {
      findings.add(
          SetupFinding.fault(
                  subject(),
                  upstream
                      + " sends visitors to "
                      + elsewhere
                      + ", which is not the public URL "
                      + application.publicUrl()
                      + ".",
                  application.adapter() == Adapter.JENKINS
                      ? "Set 'Jenkins URL' under Manage Jenkins > System to "
                          + application.publicUrl()
                          + "/."
                      : "Set the upstream's own base URL to " + application.publicUrl() + ".")
              .see("RFC 9110, section 10.2.2"));
    }
  }

  /** Returns the origin a redirect leads to, if that is neither the public one nor the upstream. */
  private @Nullable String elsewhere(String location) {
    URI uri;
    try {
      uri = URI.create(location);
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (uri.getHost() == null || uri.getScheme() == null) {
      return null;
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    PublicUrl configured = application.publicUrl();
    boolean atPublicUrl =
        uri.getHost().equalsIgnoreCase(configured.host())
            && port == configured.port()
            && scheme.equals(configured.scheme());
    HttpProbe.Origin own = upstream.origin();
    boolean atUpstream =
        uri.getHost().equalsIgnoreCase(own.host())
            && port == own.port()
            && own.secure() == scheme.equals("https");
    boolean known = atPublicUrl || atUpstream;
    return known ? null : scheme + "://" + uri.getAuthority();
  }
}
