package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ConfigurationReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** What the commands about keys and audit do to a server that runs. */
final class RunningServerTest {
  @TempDir Path directory;

  private Onbehalf server;
  private StringWriter out = new StringWriter();

  @BeforeEach
  void start() throws IOException {
    Configuration configuration =
        ConfigurationReader.read(
                null,
                Map.of(),
                List.of(
                    "data=" + directory.resolve("data"), "listen=127.0.0.1:0", "admin=127.0.0.1:0"))
            .configuration();
    server = Onbehalf.start(configuration, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void auditWhenAKeyWasRotatedThenExportedAndVerified() throws IOException {
    Path keyset = directory.resolve("data").resolve("keyset");
    String before = Files.readString(keyset);

    assertThat(run("keys", "rotate", "--sealing")).contains("A new sealing key is in use");
    assertThat(Files.readString(keyset)).isNotEqualTo(before);

    awaitEvent("sealing-key-rotate");
    assertThat(run("audit", "export").lines())
        .allSatisfy(line -> assertThat(JsonMapper.shared().readTree(line).isObject()).isTrue());
    assertThat(run("audit", "export", "--since", "2999-01-01T00:00:00Z")).isEmpty();
    assertThat(run("audit", "verify")).contains("The audit trail is sound: ");
    assertThat(run("audit", "verify", "--json")).contains("\"sound\" : true");
  }

  @Test
  void doctorWhenNothingIsWrongThenSaidAndAudited() {
    assertThat(run("doctor"))
        .doesNotContain("FAULT")
        .contains("FINE  instance key: ", "FINE  consumers: ", "0 faults, ");
    assertThat(run("doctor", "--json")).contains("\"severity\" : \"fine\"");

    awaitEvent("\"doctor\"");
  }

  @Test
  void linkWhenAddedThenListedShownEditedResetAndRemoved() {
    assertThat(
            run("link", "add", "https://jira.example.com", "--name", "jira", "--without-manifest"))
        .contains("Added the link 'jira' to https://jira.example.com.", "Public Key: MII");
    assertThat(run("link", "list")).contains("https://jira.example.com", "3-legged");
    assertThat(run("link", "edit", "jira", "--impersonation", "true")).contains("Changed");
    assertThat(run("link", "show", "JIRA")).containsPattern("impersonation +yes");
    assertThat(run("link", "reset", "jira")).contains("of 0 people");
    assertThat(run("link", "remove", "jira")).contains("Removed");
    assertThat(run("link", "list", "--json").strip()).isEqualTo("[ ]");
  }

  @Test
  void receiveWhenNoJiraIsLinkedThenSaidAndNothingIsRetried() {
    assertThat(run("receive", "status"))
        .contains("Waiting                  0", "because  Remote links are off");
    assertThat(run("receive", "status", "--json")).contains("\"parkedLinks\" : [ ]");
    assertThat(run("receive", "retry")).contains("Tried again: 0.");
    awaitEvent("jira-retry");
  }

  private void awaitEvent(String action) {
    while (!run("audit", "export").contains(action)) {
      Thread.onSpinWait();
    }
  }

  private String run(String... command) {
    URI admin = server.adminUri();
    String[] arguments =
        Stream.concat(
                Stream.of(command),
                Stream.of(
                    "--set",
                    "data=" + directory.resolve("data"),
                    "--set",
                    "admin=" + admin.getAuthority()))
            .toArray(String[]::new);
    out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine(arguments);
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    assertThat(commandLine.execute(arguments)).as(err.toString()).isZero();
    return out.toString();
  }
}
