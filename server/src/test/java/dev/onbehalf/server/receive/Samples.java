package dev.onbehalf.server.receive;

import dev.onbehalf.server.store.Database;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds and deployments written straight to the store. */
public final class Samples {
  private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

  private final Database database;

  public Samples(Database database) {
    this.database = database;
  }

  /**
   * A build, or with an environment a deployment.
   *
   * @param environment its id; its name is the id in capitals; null for a build
   */
  public record Sample(
      String sender,
      String pipeline,
      @Nullable String environment,
      @Nullable String type,
      long number,
      String state,
      long updated,
      Set<String> issues) {}

  /** Makes a sender of builds and deployments of every project, for ever. */
  public long sender(String name) {
    return credential(database, name, Set.of(), null).id();
  }

  /** Makes a credential of that name; its secret is called {@code secret-} and the name. */
  static Credential credential(
      Database database, String name, Set<String> projects, @Nullable Instant expires) {
    return new JdbiCredentialStore(database)
        .add(
            new Credential(
                0,
                "client-" + name,
                name,
                Scope.parse(List.of("deployments", "builds")),
                projects,
                true,
                expires,
                NOW,
                null,
                List.of()),
            "secret-" + name,
            new byte[] {1, 2});
  }

  /** Writes what one sender sends. */
  public void write(long sender, Collection<Sample> samples) {
    for (boolean builds : List.of(true, false)) {
      List<Received> all =
          samples.stream()
              .filter(sample -> (sample.environment() == null) == builds)
              .map(Samples::received)
              .toList();
      if (!all.isEmpty()) {
        new JdbiEntityStore(database).write(sender, all, NOW);
      }
    }
  }

  /** Every issue exists. */
  public static Issues everyIssue() {
    return new ConfiguredProjects(Set.of(), null);
  }

  private static Received received(Sample sample) {
    String environment = sample.environment();
    String identity = sample.pipeline() + "@" + environment + "#" + sample.number();
    String type = sample.type();
    return new Received(
        environment == null ? "builds" : "deployments",
        null,
        bytes(identity),
        sample.updated(),
        sample.updated(),
        bytes("{\"displayName\":\"" + identity + "\",\"url\":\"https://ci.example.com/\"}"),
        sample.issues(),
        List.of(),
        new Facets(
            sample.pipeline(),
            environment == null ? null : "The " + sample.pipeline(),
            environment == null || type == null
                ? null
                : new Facets.Environment(environment, environment.toUpperCase(Locale.ROOT), type),
            sample.number(),
            sample.state()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
