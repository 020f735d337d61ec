package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.applinks.sample.WhoAmI;
import dev.onbehalf.oauth1.SignatureMethod;
import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** "Who am I on the other side", in Groovy and in Java. */
class ScriptTest {
  private TestPeer peer;

  @BeforeEach
  void start() throws Exception {
    peer = new TestPeer(SignatureMethod.RSA_SHA1);
  }

  @AfterEach
  void stop() {
    peer.close();
  }

  private static String run(ApplicationLinkService service, String link, String person)
      throws Exception {
    Binding binding = new Binding();
    binding.setVariable("applicationLinkService", service);
    binding.setVariable("linkName", link);
    binding.setVariable("person", person);
    try (InputStream script =
        Objects.requireNonNull(ScriptTest.class.getResourceAsStream("who-am-i.groovy"))) {
      return (String)
          new GroovyShell(ScriptTest.class.getClassLoader(), binding)
              .evaluate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void groovyWhenAuthorisedThenTheSamePersonOnBothSides() throws Exception {
    ApplicationLinks links = ApplicationLinks.builder().link(peer.link().build()).build();

    assertThat(run(links, "Wiki", "alice")).isEqualTo("There is no link named Wiki.");
    String first = run(links, "CI", "alice");
    assertThat(first).startsWith("Allow it first: " + peer.url());
    URI page = URI.create(first.substring("Allow it first: ".length()));
    TestPeer.only(links).actingAs("alice").loginDance().finish(peer.allow(page, "alice"));

    assertThat(run(links, "CI", "alice")).isEqualTo("You are alice on both sides.");
    assertThat(run(links, "CI", "bob")).startsWith("Allow it first: ");
  }

  @Test
  void groovyWhenAnotherPersonAllowedThenTheDifferenceIsNamed() throws Exception {
    ApplicationLinks links = ApplicationLinks.builder().link(peer.link().build()).build();
    LoginDance dance = TestPeer.only(links).actingAs("alice").loginDance();
    dance.finish(peer.allow(dance.startOutOfBand(), "bob"));

    assertThat(run(links, "CI", "alice")).isEqualTo("Here you are alice, there bob.");
  }

  @Test
  void guideWhenReadThenItsCodeIsTheCodeTestedHere() throws Exception {
    String guide = Files.readString(Path.of("..", "docs", "guide-acting-as-yourself.md"));
    Path tests = Path.of("src", "test");
    String script =
        Files.readString(tests.resolve("resources/dev/onbehalf/applinks/who-am-i.groovy"));
    String sample =
        Files.readString(tests.resolve("java/dev/onbehalf/applinks/sample/WhoAmI.java"));

    assertThat(guide).contains(script).contains(sample.substring(sample.indexOf("import ")));
    assertThat(sample.lines().count()).isLessThan(40);
  }

  @Test
  void javaWhenCodeIsTypedThenPrintsWhoThePersonIs(@TempDir Path directory) throws Exception {
    Path key = Files.writeString(directory.resolve("key.pem"), TestPeer.privatePem().reveal());
    PrintStream out = System.out;
    InputStream in = System.in;
    PipedOutputStream typed = new PipedOutputStream();
    PipedInputStream printed = new PipedInputStream();
    System.setIn(new PipedInputStream(typed));
    System.setOut(new PrintStream(new PipedOutputStream(printed), true, StandardCharsets.UTF_8));
    try {
      CompletableFuture<Void> program =
          CompletableFuture.runAsync(
              () -> {
                try {
                  WhoAmI.main(
                      new String[] {
                        peer.url().toString(), TestPeer.CONSUMER, key.toString(), "alice"
                      });
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                } finally {
                  System.out.close();
                }
              });
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(printed, StandardCharsets.UTF_8));
      String first = String.valueOf(lines.readLine());
      assertThat(first).startsWith("Allow it at ");
      String code = peer.allow(URI.create(first.split(" ", -1)[3]), "alice");
      typed.write((code + "\n").getBytes(StandardCharsets.UTF_8));
      typed.flush();

      assertThat(lines.readLine()).isEqualTo("{\"id\":\"alice\"}");
      program.get(1, TimeUnit.MINUTES);
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
  }
}
