package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.cli.jira.JiraCommand;
import dev.onbehalf.server.Onbehalf;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our own sender against our own receiving side, both whole. */
@SuppressWarnings("NullAway.Init")
final class ReceiveFromSenderTest {
  @TempDir private Path work;
  private String url;
  private Onbehalf server;
  private JsonNode credential;
  private StringWriter out = new StringWriter();

  @BeforeEach
  void start() throws IOException {
    url = ReceivingSite.freeUrl();
    server = ReceivingSite.start(url, work.resolve("data"), "receive.projects=ABC");
    credential =
        JsonMapper.shared()
            .readTree(
                administer(
                    0,
                    "credential",
                    "create",
                    "jenkins",
                    "--allow=builds,deployments,remotelinks",
                    "--project=ABC",
                    "--json"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String administer(int exit, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--set=data=" + work.resolve("data"));
    all.add("--set=admin=" + server.adminUri().getAuthority());
    String[] line = all.toArray(String[]::new);
    return execute(Main.commandLine(line), exit, line);
  }

  private String send(int exit, String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("ONBEHALF_JIRA_SITE", url);
    environment.put("ONBEHALF_JIRA_CLIENT_ID", credential.path("clientId").asString());
    environment.put("ONBEHALF_JIRA_CLIENT_SECRET", credential.path("secret").asString());
    environment.put("ONBEHALF_SPOOL", work.resolve("spool").toString());
    CommandLine line =
        new CommandLine(new JiraCommand(environment, work))
            .setExecutionExceptionHandler(new Failures())
            .setParameterExceptionHandler(new Failures());
    return execute(line, exit, arguments);
  }

  private String execute(CommandLine line, int exit, String... arguments) {
    out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    int actual = line.setOut(writer).setErr(writer).execute(arguments);
    assertThat(actual).as(out.toString()).isEqualTo(exit);
    return out.toString();
  }

  @Test
  void senderWhenPointedHereThenEverythingIsAccepted() {
    assertThat(send(0, "test")).contains("permitted");
    String[] run = {
      "--no-git",
      "--pipeline-id=team/app",
      "--build-number=3",
      "--url=https://ci.example.com/3",
      "--issue-key=ABC-1"
    };
    assertThat(send(0, with(run, "send-build", "--state=failed")))
        .contains("accepted build team/app / 3 for ABC-1");
    assertThat(
            send(
                0,
                with(
                    run,
                    "send-deployment",
                    "--state=successful",
                    "--environment-id=eu/prod",
                    "--environment-type=production",
                    "--enable-gating")))
        .contains("accepted deployment");
    assertThat(
            send(
                0,
                "check-gate",
                "--pipeline-id=team/app",
                "--environment-id=eu/prod",
                "--deployment-number=3"))
        .contains("allowed");
    assertThat(
            send(
                0,
                "send-remote-link",
                "--id=r1",
                "--title=Report",
                "--url=https://ci.example.com/r",
                "--issue-key=ABC-1"))
        .contains("accepted remote link");
  }

  @Test
  void credentialWhenAdministeredByCommandsThenEachDoesWhatItSays() {
    assertThat(administer(0, "credential", "list")).contains("jenkins", "builds:write", "ABC");
    administer(0, "credential", "edit", "jenkins", "--name=ci", "--project=");
    assertThat(administer(0, "credential", "show", "CI")).contains("projects   -");
    assertThat(administer(0, "credential", "rotate", "ci")).contains("shown this once: onbs_");
    assertThat(administer(0, "credential", "retire", "ci")).contains("1 live secret left");
    administer(0, "credential", "disable", "ci");
    assertThat(administer(0, "credential", "show", "ci")).contains("enabled    no");
    administer(0, "credential", "enable", "ci");
    administer(2, "credential", "delete", "ci");
    administer(2, "credential", "delete", "ci", "--data=perhaps");
    administer(0, "credential", "delete", "ci", "--data=delete");
    assertThat(administer(ExitCode.NOT_FOUND, "credential", "show", "ci"))
        .contains("There is no credential 'ci'");
  }

  private static String[] with(String[] shared, String... own) {
    List<String> all = new ArrayList<>(List.of(own));
    all.addAll(List.of(shared));
    return all.toArray(String[]::new);
  }
}
