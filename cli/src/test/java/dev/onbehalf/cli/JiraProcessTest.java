package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.delivery.DeliveryReceiver.Arrival;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as processes of their own, as a CI runs them. */
class JiraProcessTest {
  private final DeliveryReceiver receiver = DeliveryReceiver.start();
  private final List<Process> started = new ArrayList<>();
  @TempDir private Path work;

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
    receiver.close();
    assertThat(receiver.faults()).isEmpty();
  }

  private Process start(Path directory, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "jira"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("HOME"));
    builder
        .environment()
        .putAll(
            Map.of(
                "ONBEHALF_JIRA_SITE", receiver.url(),
                "ONBEHALF_JIRA_CLIENT_ID", DeliveryReceiver.CLIENT_ID,
                "ONBEHALF_JIRA_CLIENT_SECRET", DeliveryReceiver.CLIENT_SECRET,
                "ONBEHALF_SPOOL", work.resolve("spool").toString(),
                "GITLAB_CI", "true",
                "CI_PROJECT_PATH", "team/app",
                "CI_PIPELINE_IID", "12",
                "CI_PIPELINE_URL", "https://gitlab.example.com/team/app/-/pipelines/900",
                "CI_JOB_STATUS", "success"));
    builder.redirectErrorStream(true).redirectOutput(work.resolve("out.txt").toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String output() throws IOException {
    return Files.readString(work.resolve("out.txt"));
  }

  private List<Path> kept() throws IOException {
    Path spool = work.resolve("spool");
    if (!Files.exists(spool)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(spool)) {
      return tree.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  @Test
  void sendBuildWhenKilledInAnOutageThenTheNextRunBringsItInOrder() throws Exception {
    receiver.down();
    Process killed = start(work, "send-build", "--no-git", "--issue-key=ABC-1", "--build-number=1");
    while (kept().isEmpty()) {
      assertThat(killed.isAlive()).isTrue();
      Thread.sleep(20);
    }
    assertThat(Files.readString(Path.of("/proc/" + killed.pid() + "/cmdline")))
        .contains("send-build")
        .doesNotContain(DeliveryReceiver.CLIENT_SECRET);
    killed.destroyForcibly().waitFor();
    for (Path file : kept()) {
      assertThat(Files.readString(file)).doesNotContain(DeliveryReceiver.CLIENT_SECRET);
    }
    receiver.up();
    Process next = start(work, "send-build", "--no-git", "--issue-key=ABC-1", "--build-number=2");
    assertThat(next.waitFor()).isZero();
    assertThat(output())
        .contains("accepted build team/app / 2 for ABC-1")
        .doesNotContain(DeliveryReceiver.CLIENT_SECRET)
        .doesNotContain(DeliveryReceiver.TOKEN_PREFIX);
    assertThat(receiver.arrivals())
        .extracting(arrival -> arrival.identity().get(1))
        .containsExactly("1", "2");
    assertThat(receiver.arrivals())
        .allMatch(Arrival::stored)
        .isSortedAccordingTo(Comparator.comparingLong(Arrival::number));
    assertThat(kept()).isEmpty();
  }

  @Test
  @Tag("debian")
  void sendBuildWhenGitIsThereThenOnlyCommitsSinceTheLastSuccess() throws Exception {
    Path clone = Files.createDirectory(work.resolve("clone"));
    git(clone, "init", "--quiet", "--initial-branch=main");
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "ABC-1 first");
    assertThat(start(clone, "send-build", "--build-number=1").waitFor()).isZero();
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "ABC-2 second");
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "ABC-3 third");
    assertThat(start(clone, "send-build", "--build-number=2").waitFor()).isZero();
    assertThat(start(clone, "send-deployment", "--environment-id=eu").waitFor()).isZero();
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "ABC-4 fourth");
    assertThat(start(clone, "send-deployment", "--environment-id=eu").waitFor()).isZero();
    assertThat(receiver.arrivals().stream().map(JiraProcessTest::keys))
        .containsExactly("[\"ABC-1\"]", "[\"ABC-3\",\"ABC-2\"]", "[\"ABC-3\"]", "[\"ABC-4\"]");
  }

  private static String keys(Arrival arrival) {
    var associations = arrival.entity().path("associations");
    return (associations.isEmpty()
            ? arrival.entity().path("issueKeys")
            : associations.path(0).path("values"))
        .toString();
  }

  private static void git(Path directory, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("git", "-c", "user.name=alice", "-c", "user.email=alice@example.com"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
  }
}
