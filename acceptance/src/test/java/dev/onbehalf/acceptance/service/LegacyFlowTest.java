package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.KeyPairPem;
import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real client that speaks OAuth 1.0, without callback and verifier. */
@Tag("debian")
@ExtendWith(Deployment.Shared.class)
class LegacyFlowTest {

  @Test
  void danceWhenClientSendsNoCallbackThenRefused(Deployment deployment) {
    KeyPairPem pair = KeyPairPem.generate();
    OnbehalfProcess onbehalf = deployment.onbehalf();
    Path key = onbehalf.file("old.pem", pair.publicPem());
    onbehalf.command(
        "consumer", "add", "old-shell", "--method", "RSA-SHA1", "--public-key", key.toString());
    Path directory = Workspace.create("jirashell");
    Path privateKey = OnbehalfProcess.write(directory.resolve("key.pem"), pair.privatePem());
    try (ServerProcess shell =
        ServerProcess.start(
            "jirashell",
            List.of(
                "/usr/bin/python3",
                "-B",
                Workspace.base().resolve("src/clients/jirashell_dance.py").toString(),
                deployment.echo("").toString(),
                "old-shell",
                privateKey.toString()),
            directory,
            Map.of())) {
      shell.closeInput();

      assertThat(shell.awaitExit()).isNotZero();
      assertThat(shell.output()).doesNotContain("\"token\"");
    }
    assertThat(onbehalf.command("audit", "--json", "--consumer", "old-shell"))
        .contains("parameter_absent");
  }
}
