package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.Workspace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong gets one clear sentence and the right status or exit code. */
class BadInputTest {
  static final int USAGE = 2;
  static final int CONFIGURATION = 3;
  private static final int UNREACHABLE = 4;
  static final int NOT_FOUND = 5;
  private static final String MINIMAL =
      """
      data: data
      listen: 127.0.0.1:0
      admin: 127.0.0.1:0
      applications:
        ci:
          public-url: http://127.0.0.1:8480
          upstream: http://127.0.0.1:9
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "data: data | lisen: data | 'lisen' is not an option",
        "upstream: http://127.0.0.1:9 | upstream: not a url | 'not a url' is not a URL",
        "upstream: http://127.0.0.1:9 | upstream: ftp://127.0.0.1 | applications.ci.upstream",
        "upstream: http://127.0.0.1:9 | adapter: header | applications.ci.upstream",
        "adapter: header | adapter: magic | applications.ci.adapter",
        "listen: 127.0.0.1:0 | listen: 127.0.0.1:99999 | listen",
        "data: data | data: [ | not valid YAML"
      })
  void serveWhenConfigurationIsWrongThenOneSentenceNamesTheLine(
      String part, String wrong, String sentence) {
    Path directory = Workspace.create("bad-input");
    String before = MINIMAL.contains(part) ? MINIMAL : MINIMAL + "    " + part + "\n";
    OnbehalfProcess.write(directory.resolve("onbehalf.yaml"), before.replace(part, wrong));

    Command.Result result = Command.run(directory, "serve");

    assertRefused(result, CONFIGURATION, sentence);
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void serveWhenConfigurationFileIsMissingThenSaysSo() {
    assertRefused(
        Command.run(Workspace.create("bad-input"), "serve", "-c", "none.yaml"),
        CONFIGURATION,
        "none.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"listen", "admin"})
  void serveWhenPortIsInUseThenNamesTheOption(String option) throws IOException {
    HttpServer occupant =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      Path directory = Workspace.create("bad-input");
      String address = "127.0.0.1:" + occupant.getAddress().getPort();
      OnbehalfProcess.write(
          directory.resolve("onbehalf.yaml"),
          MINIMAL.replace(option + ": 127.0.0.1:0", option + ": " + address));

      Command.Result result = Command.run(directory, "serve");

      assertRefused(result, CONFIGURATION, address);
      assertThat(result.err()).contains("option " + option);
    } finally {
      occupant.stop(0);
    }
  }

  @Test
  void serveWhenDataDirectoryIsOfNewerVersionThenRefusesAndTouchesNothing() throws IOException {
    Path directory = Workspace.create("bad-input");
    OnbehalfProcess.write(directory.resolve("onbehalf.yaml"), MINIMAL);
    Path data = Files.createDirectory(directory.resolve("data"));
    OnbehalfProcess.write(data.resolve("format"), "999\n");
    OnbehalfProcess.write(data.resolve("onbehalf.mv.db"), "of a later format");

    assertRefused(Command.run(directory, "serve"), CONFIGURATION, "newer version of Onbehalf");

    assertThat(data.resolve("format")).hasContent("999");
    assertThat(data.resolve("onbehalf.mv.db")).hasContent("of a later format");
    assertThat(names(data)).containsExactlyInAnyOrder("format", "onbehalf.mv.db");
  }

  @Test
  void serveWhenSchemaIsOfNewerVersionThenRefusesAndChangesNothing() throws IOException {
    Path directory = Workspace.create("bad-input");
    OnbehalfProcess.write(directory.resolve("onbehalf.yaml"), MINIMAL);
    try (ServerProcess first = Command.start(directory, "serve")) {
      first.awaitLine(OnbehalfProcess.READY);
      first.terminate();
    }
    Path data = directory.resolve("data");
    EmbeddedDatabase database = new EmbeddedDatabase(data.resolve("onbehalf"));
    database.execute(
        "INSERT INTO schema_history (\"installed_rank\", \"version\", \"description\", \"type\","
            + " \"script\", \"installed_by\", \"execution_time\", \"success\")"
            + " VALUES (9999, '9999', 'later', 'SQL', 'V9999__later.sql', 'x', 1, true)");
    String content = database.dump();
    assertThat(content).contains("V9999__later.sql");
    Map<String, String> files = files(data);

    assertRefused(Command.run(directory, "serve"), CONFIGURATION, "newer version of Onbehalf");

    assertThat(database.dump()).isEqualTo(content);
    assertThat(files(data)).isEqualTo(files);
  }

  @Test
  void serveWhenDataDirectoryIsAFileThenRefuses() {
    Path directory = Workspace.create("bad-input");
    OnbehalfProcess.write(directory.resolve("onbehalf.yaml"), MINIMAL);
    OnbehalfProcess.write(directory.resolve("data"), "a file");

    assertRefused(Command.run(directory, "serve"), CONFIGURATION, "is a file");
  }

  @Test
  void serveWhenCertificateIsMissingThenRefusesRatherThanServeWithout() {
    Path directory = Workspace.create("bad-input");
    OnbehalfProcess.write(
        directory.resolve("onbehalf.yaml"),
        MINIMAL + "tls:\n  certificate: none.pem\n  key: none.key\n");

    assertRefused(Command.run(directory, "serve"), CONFIGURATION, "none.pem");
  }

  @Test
  void commandWhenNoServerRunsThenSaysHowToStartIt() {
    Path directory = Workspace.create("bad-input");
    OnbehalfProcess.write(directory.resolve("onbehalf.yaml"), MINIMAL);

    assertRefused(Command.run(directory, "user", "list"), UNREACHABLE, "onbehalf serve");
  }

  @Test
  void commandWhenUnknownThenSuggests() {
    Command.Result result = Command.run(Workspace.create("bad-input"), "serv");

    assertThat(result.exit()).isEqualTo(USAGE);
    assertThat(result.err()).contains("serve").doesNotContain("\tat ");
  }

  static void assertRefused(Command.Result result, int exit, String sentence) {
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    List<String> lines =
        result.err().lines().filter(line -> line.startsWith("onbehalf: ")).toList();
    assertThat(lines).as(result.err()).hasSize(1);
    assertThat(lines.get(0)).contains(sentence);
    assertThat(result.err()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(result.out()).isEmpty();
  }

  /** The content of every file but that of the database, which each opening marks. */
  private static Map<String, String> files(Path data) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (var files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean database = file.endsWith("onbehalf.mv.db");
        contents.put(
            data.relativize(file).toString(),
            database ? "" : Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
