package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.Onbehalf;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code onbehalf query} as the administrator and as a person, at a whole server. */
@SuppressWarnings("NullAway.Init")
final class QueryCommandTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path work;
  private static String url;
  private static Onbehalf server;
  private static Path tokenFile;

  /** What a command printed. */
  private record Printed(String out, String err) {}

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    url = ReceivingSite.freeUrl();
    server = ReceivingSite.start(url, work.resolve("data"));
    JsonNode credential =
        JSON.readTree(run(0, "credential", "create", "ci", "--allow=builds", "--json").out());
    String token =
        JSON.readTree(
                post(
                    "/oauth/token",
                    null,
                    JSON.writeValueAsString(
                        Map.of(
                            "grant_type",
                            "client_credentials",
                            "client_id",
                            credential.path("clientId").asString(),
                            "client_secret",
                            credential.path("secret").asString()))))
            .path("access_token")
            .asString();
    String builds =
        IntStream.rangeClosed(1, 3)
            .mapToObj(QueryCommandTest::build)
            .collect(Collectors.joining(",", "{\"builds\":[", "]}"));
    assertThat(post("/rest/builds/0.1/bulk", token, builds)).contains("acceptedBuilds");
    Path password = Files.writeString(work.resolve("password"), "a long pass phrase of mine");
    run(0, "user", "add", "alice", "--password-file=" + password);
    JsonNode personal =
        JSON.readTree(run(0, "personal-token", "add", "alice", "--name=laptop", "--json").out());
    tokenFile = Files.writeString(work.resolve("token"), personal.path("value").asString());
  }

  private static String build(int number) {
    return """
        {"pipelineId":"shop","buildNumber":%1$d,"updateSequenceNumber":1,
        "displayName":"=1+%1$d","url":"https://ci.example.com/%1$d","state":"failed",
        "lastUpdated":"2026-01-05T10:1%1$d:12Z","issueKeys":["ABC-%1$d","ABC-9"]}"""
        .formatted(number);
  }

  private static String post(String path, @Nullable String bearer, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    return answer.body();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Printed run(int exit, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--set=data=" + work.resolve("data"));
    all.add("--set=admin=" + server.adminUri().getAuthority());
    all.add("--set=receive.public-url=" + url);
    String[] line = all.toArray(String[]::new);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int actual =
        Main.commandLine(line)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(line);
    assertThat(actual).as(out + "\n" + err).isEqualTo(exit);
    return new Printed(out.toString(), err.toString());
  }

  @Test
  void queryWhenItFindsSomethingThenATable() {
    Printed found = run(0, "query", "pipeline = shop AND number <= 2");

    assertThat(found.out().lines().toList())
        .satisfiesExactly(
            head ->
                assertThat(head)
                    .containsPattern("KIND +STATE +WHERE +PIPELINE +NUMBER +UPDATED +ISSUES"),
            row ->
                assertThat(row)
                    .containsPattern(
                        "build +failed +- +shop +2 +2026-01-05T10:12:12Z +ABC-2 ABC-9"),
            row -> assertThat(row).containsPattern("build +failed +- +shop +1 "));
    assertThat(found.err()).isEmpty();
    assertThat(run(0, "query", "pipeline = shp").err())
        .contains("No pipeline is called 'shp'. Did you mean shop?");
  }

  @Test
  void queryWhenThereAreMoreThenTheNextPageGoesOn() {
    Printed first = run(0, "query", "", "--issues", "--limit=3");
    assertThat(first.out().lines()).hasSize(4);
    String next = first.err().replaceAll("(?s).*--after (\\S+).*", "$1");

    Printed second = run(0, "query", "", "--issues", "--limit=3", "--after", next);
    assertThat(second.out().lines()).hasSize(2);
    assertThat(second.out()).contains("ABC-1 ");
    assertThat(second.err()).isEmpty();
  }

  @Test
  void queryWhenForMachinesThenJsonOrCsvThatNoSpreadsheetRuns() {
    JsonNode json = JSON.readTree(run(0, "query", "number = 2", "--json").out());
    assertThat(json.path("rows").get(0).path("displayName").asString()).isEqualTo("=1+2");
    assertThat(json.path("complete").asBoolean()).isTrue();

    Printed csv = run(0, "query", "number = 2", "--csv");
    assertThat(csv.out().lines()).hasSize(2);
    assertThat(csv.out())
        .startsWith("\"issue\",\"kind\"")
        .contains("\"'=1+2\"", "\"ABC-2 ABC-9\"\r\n");
    assertThat(run(0, "query", "state = fa", "--complete").out().strip()).isEqualTo("failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          state = faild  | At character 9: 'faild' is not a state
          number >       | At character
          stat = failed  | At character 1: 'stat' is not a field
          """)
  void queryWhenItIsWrongThenSaidWhereAndExitCodeTwo(String text, String sentence) {
    for (String[] as : new String[][] {{}, {"--token-file=" + tokenFile}}) {
      List<String> command = new ArrayList<>(List.of("query", text));
      command.addAll(List.of(as));
      Printed refused = run(ExitCode.USAGE, command.toArray(String[]::new));
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err()).contains(sentence);
    }
    assertThat(run(ExitCode.USAGE, "query", "", "--limit=0").err()).contains("1 to 1000");
    assertThat(run(ExitCode.USAGE, "query", "", "--after=x").err()).contains("'after' must be");
  }

  @Test
  void queryWhenAskedAsAPersonThenByTheirTokenAlone() throws IOException {
    String token = "--token-file=" + tokenFile;
    assertThat(run(0, "query", "number = 2", token).out()).contains("ABC-2");
    assertThat(run(0, "query", "number = 2", token, "--server=" + url + "/").out())
        .contains("ABC-2");
    assertThat(run(0, "query", "sta", token, "--complete").out()).contains("state");

    Path wrong = Files.writeString(work.resolve("wrong"), "obp_wrong");
    assertThat(run(ExitCode.FAILED, "query", "", "--token-file=" + wrong).err())
        .contains("no personal token that counts");
    assertThat(run(ExitCode.USAGE, "query", "", "--server=" + url).err()).contains("--token-file");
    assertThat(run(ExitCode.CONFIGURATION, "query", "", "--token-file=" + work.resolve("no")).err())
        .contains("cannot be read");
    assertThat(run(ExitCode.UNREACHABLE, "query", "", token, "--server=http://127.0.0.1:1").err())
        .contains("No server answers at http://127.0.0.1:1");
  }
}
