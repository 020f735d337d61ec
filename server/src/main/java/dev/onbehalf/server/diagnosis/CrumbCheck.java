package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.diagnosis.HttpProbe.Answer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** Whether Jenkins protects itself by crumbs, which the gateway fetches for signed requests. */
final class CrumbCheck implements Doctor.Work {
  private static final String PATH = "/crumbIssuer/api/json";

  private final ApplicationConfig application;
  private final Upstream upstream;
  private final InstantSource clock;

  CrumbCheck(ApplicationConfig application, InstantSource clock) {
    this.application = application;
    this.upstream = new Upstream(application);
    this.clock = clock;
  }

  String subject() {
    return "crumbs of " + application.name();
  }

  @Override
  public List<SetupFinding> run() {
    Answer answer;
    try {
      answer =
          new HttpProbe(clock).get(upstream.origin(), upstream.target(PATH), upstream.headers());
    } catch (IOException e) {
      return List.of(
          SetupFinding.note(
              subject(),
              "Whether crumbs are on cannot be told: " + PeerFailures.words(e) + ".",
              "Run the doctor again when the upstream answers."));
    }
    return List.of(finding(answer));
  }

  private SetupFinding finding(Answer answer) {
    return switch (answer.status()) {
      case 200 ->
          answer.body().contains("crumbRequestField")
              ? SetupFinding.fine(subject(), "The crumb issuer answers.")
              : SetupFinding.fault(
                  subject(),
                  "What answers at " + upstream.target(PATH) + " is no crumb issuer.",
                  "Let the option upstream lead to Jenkins itself, its context path included.");
      case 404 ->
          SetupFinding.warning(
              subject(),
              "Jenkins issues no crumbs: its protection against cross-site requests is off, or the"
                  + " option upstream lacks its context path.",
              "Switch 'CSRF Protection' on under Manage Jenkins > Security; signed requests get"
                  + " their crumbs from the gateway.");
      case 401, 403 ->
          SetupFinding.note(
              subject(),
              "The crumb issuer answers only people who signed in, so whether it works cannot be"
                  + " told from here.",
              "Nothing, if a signed POST succeeds; else see 'onbehalf explain' and Jenkins' log.");
      default ->
          SetupFinding.warning(
              subject(),
              "The crumb issuer answers with status " + answer.status() + ".",
              "See Jenkins' own log; signed state-changing requests will be refused.");
    };
  }
}
