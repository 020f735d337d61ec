package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.TestReports;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** A program that sends one build after another, for tests that kill it. */
public final class EndlessSender {
  private EndlessSender() {}

  /** Takes the receiver's URL and the spool directory; the credential comes from standard input. */
  public static void main(String[] args) throws Exception {
    String secret = new String(System.in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    URI url = URI.create(args[0]);
    Site site =
        Site.cloud("example.atlassian.net", "client-7", Secret.of(secret)).reachedBy(url, url);
    try (Sender sender =
        Sender.builder()
            .site(site)
            .spool(Path.of(args[1]))
            .attempts(1)
            .patience(Duration.ofSeconds(2))
            .build()) {
      for (int number = 1; parentLives(); number++) {
        System.out.println(number + " " + sender.send(TestReports.build(number).build()).sites());
      }
    }
  }

  private static boolean parentLives() {
    return ProcessHandle.current().parent().map(ProcessHandle::isAlive).orElse(false);
  }
}
