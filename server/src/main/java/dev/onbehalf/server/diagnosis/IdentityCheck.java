package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.diagnosis.HttpProbe.Answer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether an upstream believes an identity header that does not come with the gateway's secret. The
 * person it names is made up anew each time; only reading requests are sent.
 */
final class IdentityCheck implements Doctor.Work {
  private static final String JENKINS_PATH = "/whoAmI/api/json";

  private final ApplicationConfig application;
  private final Upstream upstream;
  private final InstantSource clock;

  IdentityCheck(ApplicationConfig application, InstantSource clock) {
    this.application = application;
    this.upstream = new Upstream(application);
    this.clock = clock;
  }

  String subject() {
    return "identity header of " + application.name();
  }

  @Override
  public List<SetupFinding> run() {
    Boolean believed;
    try {
      believed = believed();
    } catch (IOException e) {
      return List.of(
          SetupFinding.note(
              subject(),
              "Whether the upstream believes anybody cannot be told: "
                  + PeerFailures.words(e)
                  + ".",
              "Run the doctor again when the upstream answers."));
    }
    return List.of(finding(believed));
  }

  private SetupFinding finding(@Nullable Boolean believed) {
    if (believed == null) {
      return SetupFinding.note(
          subject(),
          "Whether the upstream believes "
              + application.userHeader()
              + " of anybody cannot be told"
              + " from here.",
          "Make sure that only the gateway can reach " + upstream + ".");
    }
    if (!believed) {
      return SetupFinding.fine(
          subject(),
          "The upstream does not believe "
              + application.userHeader()
              + (application.secret() == null ? "" : " without the gateway's secret")
              + " when it is called directly.");
    }
    String seen =
        "A request straight to "
            + upstream
            + " that names a made-up person in "
            + application.userHeader();
    String closed = "let only the gateway reach it (loopback, firewall)";
    if (application.secret() != null) {
      return SetupFinding.fault(
          subject(),
          seen + " is believed without the secret in " + application.secretHeader() + ".",
          "Let the upstream, or a proxy right before it, insist on the secret, and "
              + closed
              + ".");
    }
    String believes = seen + " is believed, and no secret is configured.";
    return Hosts.loopback(upstream.origin().host())
        ? SetupFinding.note(
            subject(),
            believes,
            "Let nobody else sign in to this machine, or set the option secret and let the"
                + " upstream insist on it.")
        : SetupFinding.warning(
            subject(),
            believes,
            "Set the option secret and let the upstream insist on it, or " + closed + ".");
  }

  /** Returns null where the upstream does not tell; it may refuse a stranger whom it believes. */
  private @Nullable Boolean believed() throws IOException {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    String nobody = "onbehalf-doctor-" + HexFormat.of().formatHex(random);
    HttpProbe probe = new HttpProbe(clock);
    Map<String, String> named = upstream.headers();
    named.put(application.userHeader(), nobody);
    if (application.adapter() == Adapter.JENKINS) {
      Answer answer = probe.get(upstream.origin(), upstream.target(JENKINS_PATH), named);
      if (answer.status() == 200 && answer.body().contains("\"name\"")) {
        return answer.body().contains(nobody);
      }
    }
    Answer front = probe.get(upstream.origin(), upstream.target("/"), named);
    if (front.body().contains(nobody)) {
      return true;
    }
    Answer anonymous = probe.get(upstream.origin(), upstream.target("/"), upstream.headers());
    boolean turnedAway = anonymous.status() >= 300 && anonymous.status() < 500;
    boolean letIn = front.status() == 200 && turnedAway;
    return letIn ? Boolean.TRUE : null;
  }
}
