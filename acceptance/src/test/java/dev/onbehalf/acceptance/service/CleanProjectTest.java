package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.ClientLibrary.Settings;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.Workspace;
import dev.onbehalf.applinks.ApplicationLinks;
import dev.onbehalf.oauth1.Signer;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The guide's Java sample in a project of its own, with nothing but the links library. */
@ExtendWith(Deployment.Shared.class)
class CleanProjectTest {
  private static final Pattern SAMPLE = Pattern.compile("```java\n(import .*?)```", Pattern.DOTALL);
  private static final Pattern ALLOW = Pattern.compile("Allow it at (\\S+) and type the code:");
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*"
              + "(?!\\s*<scope>test)");

  private final Deployment deployment;
  private final Path directory = Workspace.create("clean-project");

  CleanProjectTest(Deployment deployment) {
    this.deployment = deployment;
  }

  @Test
  void sampleWhenBuiltFromTheArtifactAloneThenActsAsThePerson() throws Exception {
    String sample = sample();
    assertThat(sample.lines().count()).isLessThan(40);
    Path source = Files.writeString(directory.resolve("WhoAmI.java"), sample);
    String classPath = jar(ApplicationLinks.class) + File.pathSeparator + jar(Signer.class);
    run("javac", "-Xlint:all", "-Werror", "-cp", classPath, "-d", ".", source.toString());
    URI base = deployment.echo("");
    Settings settings = deployment.settings(base, Signing.RSA_SHA1, null);
    Path key = Files.writeString(directory.resolve("key.pem"), settings.credential());

    try (ServerProcess program =
        start(
            "java",
            "-cp",
            classPath + File.pathSeparator + ".",
            "WhoAmI",
            base.toString(),
            settings.consumer(),
            key.toString(),
            "alice")) {
      URI page = URI.create(program.awaitLine(ALLOW).group(1));
      program.type(new PersonBrowser().allow(page, "alice"));

      assertThat(program.awaitExit()).as(program.report()).isZero();
      assertThat(program.output()).contains("\"x-forwarded-user\":\"alice\"");
    }
  }

  @Test
  void artifactWhenDependedOnThenBringsTheSigningLibraryAlone() throws Exception {
    Matcher dependency =
        DEPENDENCY.matcher(Files.readString(Workspace.base().resolve("../applinks/pom.xml")));

    assertThat(dependency.results().map(found -> found.group(1) + ":" + found.group(2)))
        .containsExactly("dev.onbehalf:onbehalf-oauth1");
  }

  private static String sample() throws Exception {
    Matcher sample =
        SAMPLE.matcher(
            Files.readString(Workspace.base().resolve("../docs/guide-acting-as-yourself.md")));
    assertThat(sample.find()).isTrue();
    return sample.group(1);
  }

  private static String jar(Class<?> type) throws Exception {
    Path jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    assertThat(jar).isRegularFile().hasExtension("jar");
    return jar.toString();
  }

  private void run(String... command) {
    try (ServerProcess program = start(command)) {
      assertThat(program.awaitExit()).as(program.report()).isZero();
    }
  }

  private ServerProcess start(String... command) {
    command[0] = Workspace.java().resolveSibling(command[0]).toString();
    return ServerProcess.start("sample", List.of(command), directory, Map.of());
  }
}
