package dev.onbehalf.cli.jira;

import dev.onbehalf.cli.CommandFailure;
import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.send.DeliveryException;
import dev.onbehalf.delivery.send.GateStatus;
import dev.onbehalf.delivery.send.Sender;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "check-gate",
    sortOptions = false,
    description = "Asks whether Jira lets a deployment go on.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:allowed", "10:awaiting", "11:prevented or expired"})
final class CheckGateCommand extends JiraSubcommand {
  private static final int AWAITING = 10;
  private static final int PREVENTED = 11;
  private static final long POLL_MILLIS = 5_000;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private SiteOptions site;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DeploymentOptions deployment;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private RunIdentity run;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Ask again until the gate has decided or this time is over.")
  private int waitSeconds;

  @Override
  int execute() throws DeliveryException, InterruptedException {
    CiEnvironment ci = CiEnvironment.detect(environment());
    String pipelineId = run.pipelineId(ci);
    String environmentId = deployment.environmentId(ci);
    long number = deployment.number(ci, run);
    if (site.sites(environment(), directory()).size() != 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "A gate is asked of exactly one site; choose it with --site.");
    }
    try (Sender sender = site.sender(environment(), directory(), Map.of())) {
      long endNanos = System.nanoTime() + waitSeconds * 1_000_000_000L;
      while (true) {
        Optional<GateStatus> status = ask(sender, pipelineId, environmentId, number);
        boolean open = status.isEmpty() || status.get().state() == GateStatus.State.AWAITING;
        long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
        if (!open || leftMillis <= 0) {
          return report(
              status.orElseThrow(
                  () ->
                      new CommandFailure(
                          ExitCode.NOT_FOUND,
                          "The site does not know deployment %d of %s to %s yet; send it with --enable-gating first."
                              .formatted(number, pipelineId, environmentId))));
        }
        Thread.sleep(Math.min(POLL_MILLIS, leftMillis));
      }
    }
  }

  private static Optional<GateStatus> ask(
      Sender sender, String pipelineId, String environmentId, long number)
      throws DeliveryException {
    try {
      return Optional.of(sender.gate(pipelineId, environmentId, number));
    } catch (DeliveryException e) {
      if (e.kind() == DeliveryException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private int report(GateStatus status) {
    if (json()) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("gatingStatus", status.state().word());
      status.issues().forEach(json.putArray("issues")::add);
      printJson(json);
    } else {
      out()
          .println(
              Printable.line(
                  status.state().word()
                      + (status.issues().isEmpty()
                          ? ""
                          : ": " + String.join(", ", status.issues()))));
    }
    return switch (status.state()) {
      case ALLOWED -> 0;
      case AWAITING -> AWAITING;
      case PREVENTED, EXPIRED -> PREVENTED;
      case INVALID ->
          throw new CommandFailure(
              ExitCode.FAILED,
              "The gate is invalid: the environment is not gated or the deployment did not ask for it.");
    };
  }
}
