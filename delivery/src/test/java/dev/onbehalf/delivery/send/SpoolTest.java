package dev.onbehalf.delivery.send;

import static dev.onbehalf.delivery.TestReports.build;
import static dev.onbehalf.delivery.TestReports.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.delivery.DeliveryReceiver.Arrival;
import dev.onbehalf.delivery.DeliveryReceiver.Reply;
import dev.onbehalf.delivery.send.SiteResult.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private final DeliveryReceiver receiver = DeliveryReceiver.start();
  private final ManualClock clock = new ManualClock();
  private final List<Process> started = new ArrayList<>();
  @TempDir private Path spool;

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
    receiver.close();
    assertThat(receiver.faults()).isEmpty();
  }

  private Sender sender(Site site) {
    return Sender.builder().clock(clock).sleeper(clock).site(site).spool(spool).build();
  }

  private Sender sender() {
    return sender(receiver.cloudSite());
  }

  private List<Path> files() {
    return Stream.of(list(spool.toFile()))
        .flatMap(site -> Stream.of(list(site)))
        .map(File::toPath)
        .toList();
  }

  private static File[] list(File directory) {
    return Objects.requireNonNullElse(directory.listFiles(), new File[0]);
  }

  private List<String> kept() {
    return files().stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> !name.startsWith("sequence") && !name.endsWith(".lock"))
        .toList();
  }

  private List<String> numbersArrived() {
    return receiver.arrivals().stream().map(arrival -> arrival.identity().get(1)).toList();
  }

  /** No update overtakes another, and what comes twice comes with the number it had. */
  private void assertInOrderAndNothingTwice() {
    List<Arrival> stored = receiver.arrivals().stream().filter(Arrival::stored).toList();
    assertThat(stored)
        .isSortedAccordingTo(Comparator.comparingLong(Arrival::number))
        .doesNotHaveDuplicates();
    assertThat(stored.stream().map(Arrival::identity)).doesNotHaveDuplicates();
  }

  @Test
  void sendWhenKeptThenNobodyElseMayReadTheFiles() throws IOException {
    receiver.down();
    try (Sender sender = sender()) {
      sender.send(build(1).build());
    }
    assertThat(kept()).hasSize(1);
    for (Path file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
  }

  @Test
  void sendWhenSiteIsDownThenKeptAndSentLaterInOrder() throws IOException {
    receiver.down();
    try (Sender sender = sender()) {
      for (int i = 1; i <= 5; i++) {
        SiteResult result = sender.send(build(i).build()).sites().get(0);
        assertThat(result.outcome()).isEqualTo(Outcome.SPOOLED);
      }
    }
    assertThat(kept()).hasSize(5);
    receiver.up();
    try (Sender sender = sender()) {
      assertThat(sender.send(build(6).build()).complete()).isTrue();
    }
    assertThat(numbersArrived()).containsExactly("1", "2", "3", "4", "5", "6");
    assertInOrderAndNothingTwice();
    assertThat(kept()).isEmpty();
  }

  @Test
  void flushWhenSiteIsBackThenSaysHowManyWereSent() {
    receiver.down();
    try (Sender sender = sender()) {
      sender.send(build(1).build());
      sender.send(deployment(1).build());
      FlushResult during = sender.flush().get(0);
      assertThat(during.sent()).isZero();
      assertThat(during.kept()).isEqualTo(2);
      assertThat(during.problem()).isPresent();
      receiver.up();
      FlushResult after = sender.flush().get(0);
      assertThat(after.sent()).isEqualTo(2);
      assertThat(after.kept()).isZero();
      assertThat(after.problem()).isEmpty();
    }
  }

  @Test
  void sendWhenSameBuildWaitsThenItsUpdatesArriveOneByOne() {
    receiver.down();
    try (Sender sender = sender()) {
      sender.send(build(1).label("began").build());
      sender.send(build(1).label("ended").build());
      receiver.up();
      sender.flush();
    }
    assertThat(receiver.arrivals())
        .extracting(arrival -> arrival.entity().path("label").asString())
        .containsExactly("began", "ended");
    assertThat(receiver.requests("/bulk")).hasSize(2);
  }

  @Test
  void sendWhenAnswerIsLostThenComesAgainWithTheSameNumber() {
    receiver.losesAnswers(2);
    try (Sender sender = sender()) {
      assertThat(sender.send(build(1).build()).complete()).isTrue();
    }
    assertThat(receiver.arrivals()).hasSize(3).extracting(Arrival::number).containsOnly(number(0));
    assertThat(receiver.arrivals()).filteredOn(Arrival::stored).hasSize(1);
  }

  private long number(int arrival) {
    return receiver.arrivals().get(arrival).number();
  }

  @Test
  void sendWhenClockStepsBackThenNumbersDoNot() {
    try (Sender sender = sender()) {
      sender.send(build(1).build());
    }
    clock.advance(Duration.ofHours(-2));
    try (Sender sender = sender()) {
      sender.send(build(1).build());
    }
    assertThat(receiver.arrivals()).hasSize(2).allMatch(Arrival::stored);
  }

  @Test
  void sendWhenRefusedForGoodThenPutAsideAndTheRestGoesOn() throws IOException {
    receiver.plan(Reply.of(400));
    try (Sender sender = sender()) {
      assertThat(sender.send(build(1).build()).sites().get(0).outcome())
          .isEqualTo(Outcome.REJECTED);
      assertThat(sender.send(build(2).build()).complete()).isTrue();
    }
    assertThat(kept()).singleElement().asString().endsWith(".refused");
    assertThat(numbersArrived()).containsExactly("2");
  }

  @Test
  void sendWhenOneOfManyKeptIsRefusedThenTheOthersArrive() {
    receiver.down();
    try (Sender sender = sender()) {
      for (int i = 1; i <= 3; i++) {
        sender.send(build(i).build());
      }
      receiver.up();
      receiver.plan(Reply.of(400), Reply.of(400));
      sender.flush();
    }
    assertThat(numbersArrived()).containsExactly("2", "3");
  }

  @Test
  void sendWhenCredentialIsWithdrawnThenKept() throws IOException {
    receiver.plan(Reply.of(403));
    try (Sender sender = sender()) {
      SiteResult result = sender.send(build(1).build()).sites().get(0);
      assertThat(result.outcome()).isEqualTo(Outcome.SPOOLED);
      assertThat(result.problem().orElseThrow().kind())
          .isEqualTo(DeliveryException.Kind.MISCONFIGURED);
    }
    assertThat(kept()).hasSize(1);
  }

  @Test
  void sendWhenAKeptFileIsBrokenThenPutAside() throws IOException {
    receiver.down();
    try (Sender sender = sender()) {
      sender.send(build(1).build());
      sender.send(build(2).build());
      Path first =
          files().stream()
              .filter(file -> file.toString().endsWith(".json"))
              .sorted()
              .findFirst()
              .orElseThrow();
      Files.writeString(first, "{\"type\":\"bui");
      receiver.up();
      sender.flush();
    }
    assertThat(numbersArrived()).containsExactly("2");
    assertThat(kept()).singleElement().asString().endsWith(".broken");
  }

  @Test
  void sendWhenManyThreadsShareASpoolThenEachLearnsItsOwnResult() {
    try (Sender sender = sender()) {
      List<CompletableFuture<SendResult>> running =
          IntStream.rangeClosed(1, 60)
              .mapToObj(
                  number ->
                      CompletableFuture.supplyAsync(
                          () -> sender.send(build(number).build()),
                          task -> new Thread(task).start()))
              .toList();
      for (int i = 0; i < running.size(); i++) {
        SiteResult result = running.get(i).join().sites().get(0);
        assertThat(result.accepted()).containsExactly("build team/app main / " + (i + 1));
      }
    }
    assertThat(receiver.arrivals()).hasSize(60);
    assertInOrderAndNothingTwice();
  }

  @Test
  void spoolWhenFilledThenHoldsNoSecretAndOnlyItsOwnerReadsIt() throws IOException {
    receiver.plan(Reply.of(403), Reply.of(403));
    try (Sender sender = sender()) {
      sender.send(build(1).build());
    }
    try (Sender sender = sender(receiver.relaySite())) {
      sender.send(build(1).build());
    }
    List<Path> files = files();
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
          .doesNotContain(DeliveryReceiver.CLIENT_SECRET)
          .doesNotContain(DeliveryReceiver.SHARED_SECRET)
          .doesNotContain(DeliveryReceiver.TOKEN_PREFIX);
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Path parent = file.toAbsolutePath().getParent();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent)))
            .isEqualTo("rwx------");
      }
    }
  }

  @Test
  void sendWhenProcessIsKilledInAnOutageThenEverythingArrivesOnceInOrder() throws Exception {
    receiver.down();
    Process killed = startSender();
    while (kept().size() < 20) {
      assertThat(killed.isAlive()).isTrue();
      Thread.sleep(20);
    }
    kill(killed);
    int waiting = (int) kept().stream().filter(name -> name.endsWith(".json")).count();
    receiver.up();
    try (Sender sender = sender()) {
      sender.flush();
    }
    List<String> expected = IntStream.rangeClosed(1, waiting).mapToObj(Integer::toString).toList();
    assertThat(numbersArrived()).containsExactlyElementsOf(expected);
    assertInOrderAndNothingTwice();
  }

  @Test
  void sendWhenProcessIsKilledWhileSendingThenTheNextGoesOnWithTheSameNumbers() throws Exception {
    for (int round = 0; round < 2; round++) {
      int before = receiver.arrivals().size();
      receiver.losesAnswers(3);
      Process process = startSender();
      while (receiver.arrivals().size() < before + 15) {
        assertThat(process.isAlive()).isTrue();
        Thread.sleep(5);
      }
      kill(process);
    }
    try (Sender sender = sender()) {
      sender.flush();
    }
    assertThat(kept().stream().filter(name -> name.endsWith(".json"))).isEmpty();
    List<Arrival> arrivals = receiver.arrivals();
    List<Arrival> stored = arrivals.stream().filter(Arrival::stored).toList();
    assertThat(stored).isSortedAccordingTo(Comparator.comparingLong(Arrival::number));
    assertThat(arrivals.size()).isGreaterThan(stored.size());
    assertThat(stored.stream().map(Arrival::number).toList())
        .containsAll(arrivals.stream().map(Arrival::number).toList());
  }

  private Process startSender() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EndlessSender.class.getName(),
                receiver.url(),
                spool.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    started.add(process);
    process
        .getOutputStream()
        .write(DeliveryReceiver.CLIENT_SECRET.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    return process;
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}
