package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README tells a newcomer to run, run as it is written there. */
class ReadmeTest {
  private static final Path ROOT = Workspace.base().resolve("..").normalize();
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern MAKE_SECRET = Pattern.compile("(\\(umask 077;[^\n]+\\))");
  private static final Pattern ADD_CONSUMER =
      Pattern.compile("\\./onbehalf (consumer add [^\n`]+)");
  private static final Pattern READY = Pattern.compile("Onbehalf is ready: ");

  @Test
  void demoWhenRunOnceThenEveryClaimHoldsAndNothingStays() throws IOException {
    assertThat(readme()).contains("`./onbehalf demo --once`");
    List<String> command = List.of(ROOT.resolve("onbehalf").toString(), "demo", "--once");

    try (ServerProcess demo =
        ServerProcess.start("demo", command, ROOT, Map.of("ONBEHALF_NO_BUILD", "1"))) {
      int exit = demo.awaitExit();

      assertThat(exit).as(demo.report()).isZero();
      assertThat(demo.output())
          .contains("3-legged", "2-legged", "impersonation", "All ", " claims held.")
          .doesNotContain("[FAILED]");
    }
  }

  @Test
  void tenMinutesWhenFollowedThenServedAndThePeerIsRegistered() throws IOException {
    Path directory = Workspace.create("readme");
    Path secret = directory.resolve("upstream.secret");
    String makeSecret =
        first(MAKE_SECRET).replace("/etc/onbehalf/upstream.secret", secret.toString());
    try (ServerProcess made =
        ServerProcess.start("secret", List.of("sh", "-c", makeSecret), directory, Map.of())) {
      assertThat(made.awaitExit()).isZero();
    }
    String configuration =
        first(YAML)
            .replaceAll("(?m)^   ", "")
            .replace("/var/lib/onbehalf", directory.resolve("data").toString())
            .replace("/etc/onbehalf/upstream.secret", secret.toString())
            .replace("127.0.0.1:8480", "127.0.0.1:" + Ports.free());
    OnbehalfProcess.write(
        directory.resolve("onbehalf.yaml"),
        configuration + "admin: 127.0.0.1:" + Ports.free() + "\n");

    assertThat(Command.run(directory, "config", "check").exit()).isZero();
    try (ServerProcess service = Command.start(directory, "serve")) {
      service.awaitLine(READY);
      Command.Result added = Command.run(directory, words(first(ADD_CONSUMER)));

      assertThat(added.exit()).as(added.err()).isZero();
      assertThat(added.out()).contains("Registered jira.", "shared secret, shown this once: ");
      assertThat(Command.run(directory, "explain").out()).contains("No signature has been refused");
      assertThat(Command.run(directory, "audit").out()).contains("consumer-add");
    }
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static String first(Pattern pattern) throws IOException {
    Matcher found = pattern.matcher(readme());
    assertThat(found.find()).as(pattern.pattern()).isTrue();
    return found.group(1);
  }

  private static String[] words(String command) {
    return Arrays.stream(command.strip().split(" +", -1))
        .map(word -> word.replace("\"", ""))
        .toArray(String[]::new);
  }
}
