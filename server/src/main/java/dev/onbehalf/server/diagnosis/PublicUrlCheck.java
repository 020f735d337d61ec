package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.access.ArrivalWitness;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.diagnosis.HttpProbe.Answer;
import dev.onbehalf.server.diagnosis.HttpProbe.Origin;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What becomes of a request to an application's public URL on its way to the gateway. */
final class PublicUrlCheck implements Doctor.Work {
  private final ApplicationConfig application;
  private final PublicUrl url;
  private final boolean alone;
  private final ArrivalProbes arrivals;
  private final Clocks clocks;
  private final InstantSource clock;

  /**
   * Prepares the check.
   *
   * @param alone whether it is the only application, so that any host name leads to it
   */
  PublicUrlCheck(
      ApplicationConfig application,
      boolean alone,
      ArrivalProbes arrivals,
      Clocks clocks,
      InstantSource clock) {
    this.application = application;
    this.url = application.publicUrl();
    this.alone = alone;
    this.arrivals = arrivals;
    this.clocks = clocks;
    this.clock = clock;
  }

  String subject() {
    return "public URL of " + application.name();
  }

  @Override
  public List<SetupFinding> run() {
    HttpProbe probe = new HttpProbe(clock);
    String mark = arrivals.newMark();
    String plain = url.contextPath() + ArrivalWitness.PATH + mark;
    Answer answer;
    try {
      answer = get(probe, plain);
    } catch (CertificateException e) {
      return certificate(e);
    } catch (IOException e) {
      return List.of(
          SetupFinding.warning(
              subject(),
              url + " cannot be reached from this machine: " + PeerFailures.words(e) + ".",
              "Nothing, if peers reach it from where they are; else look at the name server and the"
                  + " proxy in front."));
    }
    List<SetupFinding> findings = new ArrayList<>();
    JsonNode seen = ArrivalProbes.read(answer.body(), mark);
    if (seen == null) {
      findings.add(elsewhere(answer));
    } else {
      arrival(seen, findings);
      special(probe, plain, mark, findings);
    }
    findings.addAll(clocks.compare(subject(), url.toString(), answer));
    findings.addAll(expiry(answer.chain()));
    if (findings.isEmpty()) {
      findings.add(
          SetupFinding.fine(subject(), "A request to " + url + " arrives as it was sent."));
    }
    return findings;
  }

  private Answer get(HttpProbe probe, String target) throws IOException {
    return probe.get(
        new Origin(url.secure(), url.host(), url.port()), target, Map.of("Host", url.authority()));
  }

  private void special(HttpProbe probe, String prefix, String mark, List<SetupFinding> findings) {
    Answer answer;
    try {
      answer = get(probe, prefix + PathChanges.TAIL + "?" + PathChanges.QUERY);
    } catch (IOException e) {
      findings.add(refused("not at all (" + PeerFailures.words(e) + ")"));
      return;
    }
    JsonNode seen = ArrivalProbes.read(answer.body(), mark);
    if (seen == null) {
      String location = answer.header("location");
      findings.add(
          refused(
              "with status "
                  + answer.status()
                  + (location == null ? "" : ", to a path of its own")));
      return;
    }
    findings.addAll(
        PathChanges.find(
            subject(),
            prefix,
            seen.path("path").asString(""),
            seen.path("query").isNull() ? null : seen.path("query").asString("")));
  }

  private SetupFinding refused(String how) {
    return SetupFinding.fault(
            subject(),
            "A proxy in front answers a path with '%252F', '//' and '+' itself, "
                + how
                + ", and does not pass it on.",
            "Let the proxy pass every path on as it came; branch names are written so.")
        .see("RFC 5849, section 3.4.1.2");
  }

  private SetupFinding elsewhere(Answer answer) {
    String location = answer.header("location");
    if (answer.status() >= 300 && answer.status() < 400 && location != null) {
      String target = location.split("[?#]", 2)[0];
      int at = target.indexOf(ArrivalWitness.PATH);
      String base = at < 0 ? target : target.substring(0, at);
      return SetupFinding.fault(
              subject(),
              url + " is redirected to " + base + " before it reaches the gateway.",
              at < 0
                  ? "Let the proxy pass every request on; a sign-in in front of the gateway refuses"
                      + " signed requests."
                  : "Set public-url to "
                      + base
                      + ": peers sign the URL they use in the end, and a signed request does not"
                      + " survive a redirect.")
          .see("RFC 5849, section 3.4.1.2");
    }
    return SetupFinding.fault(
        subject(),
        "A request to "
            + url
            + " does not arrive at the gateway: something else answers with status "
            + answer.status()
            + ".",
        "Let the name and the proxy in front lead to the option listen, with path and host as they"
            + " came.");
  }

  private void arrival(JsonNode seen, List<SetupFinding> findings) {
    JsonNode forwarding = seen.path("forwarding");
    boolean trusted = seen.path("trusted").asBoolean();
    String peer = seen.path("peer").asString("");
    if (!forwarding.isEmpty() && !trusted) {
      findings.add(
          SetupFinding.fault(
                  subject(),
                  "Forwarded headers ("
                      + String.join(", ", forwarding.propertyNames())
                      + ") arrive from "
                      + peer
                      + ", which is not among trusted-proxies, so they are ignored and everybody"
                      + " seems to come from there.",
                  "Add " + peer + " to the option trusted-proxies, if that is your proxy.")
              .see("RFC 7239, section 8.1"));
    }
    host(seen, trusted ? last(forwarding, "x-forwarded-host") : null, findings);
    String scheme = last(forwarding, "x-forwarded-proto");
    if (scheme != null && !scheme.toLowerCase(Locale.ROOT).equals(url.scheme())) {
      SetupFinding finding =
          new SetupFinding(
              url.secure() ? SetupFinding.Severity.WARNING : SetupFinding.Severity.FAULT,
              subject(),
              "A proxy in front says that the request came by "
                  + scheme
                  + ", while public-url is "
                  + url
                  + ".",
              url.secure()
                  ? "Let the first proxy, which ends TLS, set X-Forwarded-Proto and the others keep"
                      + " it; the upstream is told public-url all the same."
                  : "If people and peers use "
                      + scheme
                      + ", set public-url to it: signatures are checked for public-url alone.",
              "RFC 5849, section 3.4.1.2");
      findings.add(finding);
    }
    String port = last(forwarding, "x-forwarded-port");
    if (port != null && !port.equals(Integer.toString(url.port()))) {
      findings.add(
          SetupFinding.warning(
                  subject(),
                  "A proxy in front says that the request came to port "
                      + port
                      + ", while public-url has "
                      + url.port()
                      + ".",
                  "If people and peers use port "
                      + port
                      + ", set public-url to it: signatures are checked for public-url alone.")
              .see("RFC 5849, section 3.4.1.2"));
    }
  }

  private void host(JsonNode seen, @Nullable String forwardedHost, List<SetupFinding> findings) {
    String host = seen.path("host").asString("");
    if (same(host) || (forwardedHost != null && same(forwardedHost))) {
      return;
    }
    String sentence =
        "A proxy in front does not keep the host: "
            + url.authority()
            + " arrives as "
            + (host.isEmpty() ? "nothing" : host)
            + ".";
    String remedy =
        "Let the proxy keep it: in nginx 'proxy_set_header Host $http_host', in Apache"
            + " 'ProxyPreserveHost On'.";
    findings.add(
        (alone
                ? SetupFinding.warning(
                    subject(), sentence + " It works while there is one application.", remedy)
                : SetupFinding.fault(subject(), sentence, remedy))
            .see("RFC 9110, section 7.2"));
  }

  private boolean same(String authority) {
    String given = authority.toLowerCase(Locale.ROOT);
    return given.equals(url.authority()) || given.equals(url.host() + ":" + url.port());
  }

  private static @Nullable String last(JsonNode forwarding, String name) {
    JsonNode lines = forwarding.path(name);
    if (lines.isEmpty()) {
      return null;
    }
    String line = lines.get(lines.size() - 1).asString("");
    return line.substring(line.lastIndexOf(',') + 1).strip();
  }

  private List<SetupFinding> certificate(CertificateException failure) {
    List<SetupFinding> findings = new ArrayList<>();
    String seen = "The certificate of " + url + " " + failure.kind().words() + ".";
    findings.add(
        (failure.kind() == CertificateException.Kind.UNTRUSTED
                ? SetupFinding.warning(
                    subject(),
                    seen + " What arrives could not be looked at.",
                    "Import the authority into the trust store of the Java that runs Onbehalf, or"
                        + " make sure that the chain is served whole; peers need the same.")
                : SetupFinding.fault(
                    subject(),
                    seen,
                    "Give the public listener a certificate for " + url.host() + "."))
            .see("RFC 9110, section 4.3.4"));
    if (failure.kind() != CertificateException.Kind.EXPIRED) {
      findings.addAll(expiry(failure.chain()));
    }
    return findings;
  }

  private List<SetupFinding> expiry(List<java.security.cert.X509Certificate> chain) {
    return Certificates.expiry(
        subject(),
        "The certificate of " + url,
        chain,
        clock.instant(),
        "Renew it where TLS ends: the proxy in front, or tls.certificate.");
  }
}
