package dev.onbehalf.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigurationReaderTest {
  private static final String APPLICATION =
      """
      applications:
        ci:
          public-url: https://ci.example.com
          upstream: http://127.0.0.1:8080/base
      """;

  @TempDir Path directory;

  @Test
  void readWhenNothingIsSetThenTheDefaults() {
    Configuration configuration =
        ConfigurationReader.read(null, Map.of(), List.of()).configuration();

    assertThat(configuration.dataDirectory()).isEqualTo(Path.of("data"));
    assertThat(configuration.listen()).isEqualTo(new ListenConfig("127.0.0.1", 8480, null));
    assertThat(configuration.admin()).isEqualTo(new AdminConfig("127.0.0.1", 8481));
    assertThat(configuration.database()).isEqualTo(new DatabaseConfig(null, null, null, 10));
    assertThat(configuration.trustedProxies()).isEmpty();
    assertThat(configuration.applications()).isEmpty();
    assertThat(configuration.people().usersFile()).isEqualTo(Path.of("data/users.yaml"));
    assertThat(configuration.sessions())
        .isEqualTo(new SessionConfig(Duration.ofMinutes(30), Duration.ofHours(12)));
    assertThat(configuration.provider())
        .isEqualTo(
            new ProviderConfig(
                Duration.ofMinutes(5),
                Duration.ofMinutes(10),
                Duration.ofDays(1825),
                Duration.ofDays(1855),
                Duration.ofDays(365)));
    assertThat(configuration.limits()).isEqualTo(new LimitConfig(16_384, 65_536, 1_048_576));
    assertThat(configuration.audit().retention()).isNull();
  }

  @Test
  void readWhenAnApplicationSaysTheLeastThenItsDefaults() {
    ApplicationConfig application = read(APPLICATION).configuration().applications().get(0);

    assertThat(application)
        .isEqualTo(
            new ApplicationConfig(
                "ci",
                PublicUrl.parse("https://ci.example.com"),
                List.of(),
                URI.create("http://127.0.0.1:8080/base"),
                ApplicationConfig.Adapter.HEADER,
                ApplicationConfig.SignIn.OFF,
                "X-Forwarded-User",
                "X-Forwarded-Groups",
                "|",
                "X-Onbehalf-Secret",
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60)));
  }

  @Test
  void readWhenEverythingIsSetThenAllOfIt() {
    Configuration configuration =
        read("""
                data: state
                listen: "[::1]:8443"
                tls: {certificate: tls.pem, key: /etc/tls.key}
                admin: 127.0.0.1:0
                database:
                  url: jdbc:postgresql://db.example.com/onbehalf
                  user: onbehalf
                  password: "correct horse"
                  maximum-connections: 20
                trusted-proxies: [10.0.0.5, 192.168.0.0/16, "fd00::/8"]
                people.users-file: people.yaml
                sessions: {idle: 1h, absolute: 2d}
                provider: {access-token-life: 10d, timestamp-window: 300s}
                limits: {header: 32kB, own-body: 100000}
                audit: {retention: 400d}
                applications:
                  ci-one:
                    public-url: https://ci.example.com:443/one/
                    alternate-urls: [http://ci.internal:8080/one]
                    upstream: http://127.0.0.1:8080
                    adapter: jenkins
                    sign-in: required
                    user-header: Remote-User
                    groups-header: none
                    groups-delimiter: ","
                    secret-header: X-Gate
                    secret: "0123456789abcdef"
                    connect-timeout: 500ms
                    response-timeout: 2m
                """)
            .configuration();

    assertThat(configuration.dataDirectory()).isEqualTo(directory.resolve("state"));
    assertThat(configuration.listen())
        .isEqualTo(
            new ListenConfig(
                "::1", 8443, new TlsConfig(directory.resolve("tls.pem"), Path.of("/etc/tls.key"))));
    assertThat(configuration.admin().port()).isZero();
    assertThat(configuration.database().password()).isEqualTo(Secret.of("correct horse"));
    assertThat(configuration.database().maximumConnections()).isEqualTo(20);
    assertThat(configuration.trustedProxies())
        .containsExactly("10.0.0.5/32", "192.168.0.0/16", "fd00:0:0:0:0:0:0:0/8");
    assertThat(configuration.people().usersFile()).isEqualTo(directory.resolve("people.yaml"));
    assertThat(configuration.provider().sessionLife()).isEqualTo(Duration.ofDays(40));
    assertThat(configuration.limits().ownPageBodyBytes()).isEqualTo(100_000);
    assertThat(configuration.audit().retention()).isEqualTo(Duration.ofDays(400));
    ApplicationConfig application = configuration.applications().get(0);
    assertThat(application.publicUrl()).hasToString("https://ci.example.com/one");
    assertThat(application.groupsHeader()).isNull();
    assertThat(application.adapter()).isEqualTo(ApplicationConfig.Adapter.JENKINS);
    assertThat(application.secret()).isEqualTo(Secret.of("0123456789abcdef"));
    assertThat(application.connectTimeout()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void readWhenSourcesDisagreeThenFlagOverEnvironmentOverFile() {
    String file = "sessions: {idle: 1m, absolute: 2m}\naudit.retention: 3d\n";
    EffectiveConfiguration effective =
        ConfigurationReader.read(
            write(file),
            Map.of("ONBEHALF_SESSIONS_ABSOLUTE", "20m", "ONBEHALF_AUDIT_RETENTION", "30d"),
            List.of("audit.retention=300d"));

    assertThat(effective.configuration().sessions().idle()).isEqualTo(Duration.ofMinutes(1));
    assertThat(effective.configuration().sessions().absolute()).isEqualTo(Duration.ofMinutes(20));
    assertThat(effective.configuration().audit().retention()).isEqualTo(Duration.ofDays(300));
    assertThat(effective.print())
        .containsPattern("sessions.idle: 1m +# .*onbehalf.yaml:1\n")
        .containsPattern(
            "sessions.absolute: 20m +# environment variable ONBEHALF_SESSIONS_ABSOLUTE")
        .containsPattern("audit.retention: 300d +# flag --set audit.retention\n")
        .containsPattern("listen: 127.0.0.1:8480 +# default\n");
  }

  @Test
  void readWhenApplicationsComeFromTheEnvironmentThenKnownOnesAreChangedAndNewOnesMade() {
    Map<String, String> environment = new HashMap<>();
    environment.put("ONBEHALF_APPLICATIONS_MY_CI_UPSTREAM", "http://127.0.0.1:9090");
    environment.put("ONBEHALF_APPLICATIONS_NEW_ONE_PUBLIC_URL", "https://new.example.com");
    environment.put("ONBEHALF_APPLICATIONS_NEW_ONE_UPSTREAM", "http://127.0.0.1:7070");
    environment.put(
        "ONBEHALF_APPLICATIONS_NEW_ONE_ALTERNATE_URLS", "http://a.internal, http://b.internal");

    List<ApplicationConfig> applications =
        ConfigurationReader.read(
                write(APPLICATION.replace("ci:\n", "My-CI:\n")), environment, List.of())
            .configuration()
            .applications();

    assertThat(applications)
        .extracting(ApplicationConfig::name)
        .containsExactly("My-CI", "new-one");
    assertThat(applications.get(0).upstream()).hasToString("http://127.0.0.1:9090");
    assertThat(applications.get(1).alternateUrls()).hasSize(2);
  }

  @Test
  void readWhenSecretsAreInFilesThenTheyAreReadWithoutTheLastLineEnd() throws IOException {
    Files.writeString(directory.resolve("db"), "from a file\r\n");
    Path other = Files.writeString(directory.resolve("ci"), "another-secret-of-the-ci");
    EffectiveConfiguration effective =
        ConfigurationReader.read(
            write(
                "database: {url: 'jdbc:postgresql:x', password-file: db}\n"
                    + APPLICATION
                    + "    secret: replaced-by-the-environment\n"),
            Map.of("ONBEHALF_APPLICATIONS_CI_SECRET_FILE", other.toString()),
            List.of());

    assertThat(effective.configuration().database().password()).isEqualTo(Secret.of("from a file"));
    assertThat(effective.configuration().applications().get(0).secret())
        .isEqualTo(Secret.of("another-secret-of-the-ci"));
    assertThat(effective.print())
        .contains("database.password: (masked)")
        .doesNotContain("from a file")
        .doesNotContain("another-secret")
        .doesNotContain("replaced-by");
  }

  @Test
  void readWhenKubernetesSetsServiceVariablesThenTheyAreIgnored() {
    Map<String, String> environment =
        Map.of(
            "ONBEHALF_SERVICE_HOST", "10.0.0.1",
            "ONBEHALF_SERVICE_PORT_HTTP", "80",
            "ONBEHALF_PORT", "tcp://10.0.0.1:80",
            "ONBEHALF_PORT_80_TCP_ADDR", "10.0.0.1",
            "ONBEHALF_CONFIG", "x",
            "PATH", "/bin");

    assertThat(ConfigurationReader.read(null, environment, List.of()).configuration()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ONBEHALF_LOG_LEVEL",
        "ONBEHALF_LOG_FORMAT",
        "ONBEHALF_TRACE",
        "ONBEHALF_ADMIN_URL",
        "ONBEHALF_ADMIN_TOKEN",
        "ONBEHALF_ADMIN_TOKEN_FILE",
        "ONBEHALF_JAVA_OPTS",
        "ONBEHALF_NO_BUILD",
        "ONBEHALF_SPOOL"
      })
  void readWhenAVariableIsForTheCommandsThenItIsNoFault(String variable) {
    assertThat(ConfigurationReader.read(null, Map.of(variable, "1"), List.of()).configuration())
        .isNotNull();
  }

  @Test
  void readWhenHeadersOfAnApplicationMeetThenBothAreNamed() {
    List<String> settings =
        List.of(
            "applications.ci.public-url=https://ci.example.com",
            "applications.ci.upstream=http://127.0.0.1:9",
            "applications.ci.mail-header=X-Person",
            "applications.ci.display-name-header=x_person");

    assertThatThrownBy(() -> ConfigurationReader.read(null, Map.of(), settings))
        .hasMessageContaining("display-name-header and mail-header must be different");
  }

  @Test
  void readWhenMuchIsWrongThenAllOfItIsReported() {
    Path file =
        write(
            """
            listne: 127.0.0.1:80
            sessions:
              idle: 30x
            applications:
              ci:
                public-url: ftp://ci.example.com
            """);

    ConfigurationException fault =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                ConfigurationReader.read(
                    file, Map.of("ONBEHALF_ADMN", "x"), List.of("limits.header=1")));

    assertThat(fault.faults())
        .containsExactlyInAnyOrder(
            file + ":1: 'listne' is not an option; did you mean 'listen'?",
            "environment variable ONBEHALF_ADMN: no option has this variable; did you mean"
                + " ONBEHALF_ADMIN?",
            file
                + ":3: sessions.idle: '30x' is not a duration; write one such as 30s, 15m, 12h or"
                + " 5d.",
            "flag --set limits.header: limits.header: '1' must be between 4096 and 262144 bytes.",
            file
                + ":6: applications.ci.public-url: 'ftp://ci.example.com' must start with http://"
                + " or https://.",
            "applications.ci.upstream: is missing; every application needs it.");
  }

  static List<List<String>> faultyFiles() {
    return List.of(
        List.of("- a", "must be a map of options"),
        List.of("a", "must be a map of options"),
        List.of("a: [", ":1: this is not valid YAML"),
        List.of("\tlisten: x", "this is not valid YAML"),
        List.of("listen: a:1\nlisten: b:2", ":2: this is not valid YAML: Duplicate"),
        List.of("listen: &a x:1\nadmin: *a", "anchors and aliases are not supported"),
        List.of("listen: a:1\n---\nlisten: b:1", "only one YAML document"),
        List.of("sessions: &x\n  idle: 1m", "anchors and aliases are not supported"),
        List.of("listen: [a:1]", "takes one value, not a list"),
        List.of("listen: {a: 1}", "takes a value, not a map"),
        List.of("listen: 8480", "is not an address and port"),
        List.of("listen: ':8480'", "is not an address and port"),
        List.of("listen: '::1:8480'", "is not an address and port"),
        List.of("listen: 127.0.0.1:70000", "is not an address and port"),
        List.of("admin: 127.0.0.1:8480", "must not be the same address and port"),
        List.of("sesions: {idle: 1m}", "did you mean 'sessions.idle'?"),
        List.of("trusted-proxies: [proxy.example.com]", "neither an IP address nor a CIDR block"),
        List.of("trusted-proxies: [10.0.0.1/8]", "has bits set behind its prefix"),
        List.of("trusted-proxies: [10.0.0.0/33]", "neither an IP address nor a CIDR block"),
        List.of("trusted-proxies: [[10.0.0.0]]", "takes a list of plain values"),
        List.of("tls: {certificate: a.pem}", "belong together"),
        List.of("database: {url: 'jdbc:mysql:x'}", "must start with jdbc:postgresql:"),
        List.of("database: {url: 'jdbc:postgresql:x?password=abc'}", "must not carry a password"),
        List.of("database: {user: x}", "needs database.url"),
        List.of("database: {maximum-connections: ten}", "is not a whole number"),
        List.of("database: {maximum-connections: 1000}", "must be between 2 and 200"),
        List.of("database: {password-file: nowhere}", "cannot be read"),
        List.of("database: {password: a, password-file: b}", "is set twice"),
        List.of("sessions: {idle: 13h}", "must not be longer than sessions.absolute (12h)"),
        List.of("sessions: {idle: 0s}", "must be between 1m and 365d"),
        List.of("limits: {header: 1 kB}", "is not a size"),
        List.of("audit: {retention: 1h}", "must be between 1d"),
        List.of("applications: {a_b: {upstream: 'http://a'}}", "letters, digits and dashes only"),
        List.of(
            "applications: {ci: {upstrem: 'http://a'}}",
            "did you mean 'applications.ci.upstream'?"),
        List.of("applications: {ci: {upstream: 'a b'}}", "is not a URL"),
        List.of("applications: {ci: {upstream: 'http://u:p@a'}}", "must not carry a user name"),
        List.of("applications: {ci: {upstream: 'http://a/..//b'}}", "must not have empty"),
        List.of("applications: {ci: {adapter: hedaer}}", "must be one of header, jenkins"),
        List.of("applications: {ci: {sign-in: 'on'}}", "must be one of off, optional"),
        List.of("applications: {ci: {user-header: 'X User'}}", "is not a header name"),
        List.of("applications: {ci: {user-header: Host}}", "has a meaning of its own"),
        List.of("applications: {ci: {user-header: X-Forwarded_For}}", "has a meaning of its own"),
        List.of("applications: {ci: {user-header: none}}", "must name a header"),
        List.of(
            "applications: {ci: {user-header: x_forwarded_groups}}", "must be different headers"),
        List.of("applications: {ci: {groups-delimiter: ''}}", "must be 1 to 8 visible"),
        List.of("applications: {ci: {secret: short}}", "must be 16 to 1000 visible"),
        List.of("applications: {ci: {connect-timeout: 5}}", "is not a duration"),
        List.of("receive: {projects: [ABC]}", "needs receive.public-url"),
        List.of("receive: {administrators: [alice]}", "needs receive.public-url"),
        List.of(
            "receive: {public-url: 'http://a', frame-origins: ['http://b/c']}",
            "is not an origin: leave out the path"),
        List.of(
            "receive: {public-url: 'http://a', frame-origins: ['http://b', '*']}",
            "must start with http:// or https://"),
        List.of(
            "receive: {public-url: 'http://a', projects: [abc]}", "is not the key of a project"),
        List.of("applications: {ci: {}}", "public-url: is missing"));
  }

  @ParameterizedTest
  @MethodSource("faultyFiles")
  void readWhenTheFileIsFaultyThenOneClearSentence(List<String> row) {
    Path file = write(row.get(0));

    assertThatThrownBy(() -> ConfigurationReader.read(file, Map.of(), List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(row.get(1));
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example.com, https://a.example.com, true",
    "https://a.example.com, http://a.example.com, true",
    "https://a.example.com, https://a.example.com:444, false",
    "https://a.example.com, https://b.example.com, false",
    "https://a.example.com, https://a.example.com/b, true",
    "https://a.example.com/b, https://a.example.com/bc, false",
    "https://a.example.com/b, https://a.example.com/b/c, true",
    "https://a.example.com/b-c, https://a.example.com/b, false",
  })
  void readWhenUrlsOfTwoApplicationsMeetThenRefused(String one, String two, boolean overlap) {
    Path file =
        write(
            """
            applications:
              one: {public-url: "%s", upstream: "http://127.0.0.1:1"}
              two: {public-url: "http://x.internal", alternate-urls: ["%s"], upstream: "http://127.0.0.1:1"}
            """
                .formatted(one, two));

    if (overlap) {
      assertThatThrownBy(() -> ConfigurationReader.read(file, Map.of(), List.of()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("overlaps");
    } else {
      assertThat(ConfigurationReader.read(file, Map.of(), List.of()).configuration().applications())
          .hasSize(2);
    }
  }

  @Test
  void readWhenASecretIsAFlagThenRefusedWithoutRepeatingIt() {
    assertThatThrownBy(
            () -> ConfigurationReader.read(null, Map.of(), List.of("database.password=hidden")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("must not be a flag")
        .hasMessageContaining("ONBEHALF_DATABASE_PASSWORD")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void readWhenTheFileIsMissingThenSaysSo() {
    Path file = directory.resolve("none.yaml");

    assertThatThrownBy(() -> ConfigurationReader.read(file, Map.of(), List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(file + ": the configuration file does not exist.");
  }

  @Test
  void readWhenTheFileIsNotTextThenSaysSo() throws IOException {
    Path file = directory.resolve("binary.yaml");
    Files.write(file, new byte[] {(byte) 0xC3, 0x28});

    assertThatThrownBy(() -> ConfigurationReader.read(file, Map.of(), List.of()))
        .hasMessageContaining("is not UTF-8 text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? "})
  void readWhenTheFileIsABombThenRefused(String opening) {
    Path file = write(opening.repeat(500_000));

    assertThatThrownBy(() -> ConfigurationReader.read(file, Map.of(), List.of()))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void printWhenReadAgainThenTheSameConfiguration() throws IOException {
    EffectiveConfiguration effective =
        read(APPLICATION + "    groups-delimiter: \"'|\"\ntrusted-proxies: ['::1', 10.0.0.5]\n");
    Path printed = Files.writeString(directory.resolve("printed.yaml"), effective.print());

    assertThat(ConfigurationReader.read(printed, Map.of(), List.of()).configuration())
        .usingRecursiveComparison()
        .ignoringFields("dataDirectory", "people")
        .isEqualTo(effective.configuration());
  }

  @Test
  void optionsReferenceWhenGeneratedThenTheDocumentIsCurrent() throws IOException {
    Path document = Path.of("..", "docs", "options.md");
    if (Boolean.getBoolean("onbehalf.write-docs")) {
      Files.createDirectories(Path.of("..", "docs"));
      Files.writeString(document, OptionsReference.markdown(), StandardCharsets.UTF_8);
    }

    assertThat(document)
        .as("run this test with -Dsurefire.extraArgLine=-Donbehalf.write-docs=true to renew it")
        .hasContent(OptionsReference.markdown());
  }

  private EffectiveConfiguration read(String yaml) {
    return ConfigurationReader.read(write(yaml), Map.of(), List.of());
  }

  private Path write(String yaml) {
    try {
      return Files.writeString(directory.resolve("onbehalf.yaml"), yaml);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
