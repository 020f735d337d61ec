package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.store.Sealer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an administrator does with credentials; every change is in the audit trail. */
public final class CredentialAdministration {
  /** Tells scanners for leaked secrets what they found. */
  static final String SECRET_PREFIX = "onbs_";

  private static final Actor MONITOR = new Actor("monitor", "-");
  private static final Duration OWN_LIFE = Duration.ofDays(1);
  private static final Duration OWN_REST = Duration.ofHours(1);
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int CLIENT_ID_CHARACTERS = 24;
  private static final int SECRET_BYTES = 32;
  private static final int NAME_CHARACTERS = 100;
  private static final int PROJECTS_CHARACTERS = 4000;
  private static final Pattern PROJECT = Pattern.compile("[A-Z][A-Z0-9_]{1,254}");

  private final JdbiCredentialStore store;
  private final Sealer sealer;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private @Nullable Issued own;

  CredentialAdministration(
      JdbiCredentialStore store, Sealer sealer, AuditTrail audit, InstantSource clock) {
    this.store = store;
    this.sealer = sealer;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Who changes something.
   *
   * @param name who the audit trail names
   * @param requestId the request it belongs to
   */
  public record Actor(String name, String requestId) {}

  /**
   * A credential with a secret of it that is shown this once.
   *
   * @param credential the credential
   * @param secret its new secret
   */
  public record Issued(Credential credential, Secret secret) {}

  /** Returns all credentials in the order of their names. */
  public List<Credential> all() {
    return store.all();
  }

  /** Finds a credential by name, in any case, or by client id. */
  public Optional<Credential> find(String nameOrClientId) {
    return store.find(nameOrClientId);
  }

  /**
   * Makes a credential.
   *
   * @param projects keys of the projects it may report on; empty: all
   * @param expires when it ends; null for never
   * @throws IllegalArgumentException with one sentence, if the name is taken or a value is wrong
   */
  public Issued create(
      Actor actor,
      String name,
      Set<Scope> scopes,
      Set<String> projects,
      @Nullable Instant expires) {
    Credential wanted =
        notOwn(
            new Credential(
                0,
                clientId(),
                name.strip(),
                scopes,
                projects,
                true,
                expires,
                clock.instant(),
                null,
                List.of()));
    Secret secret = secret();
    Credential added = store.add(wanted, newId(), fingerprint(sealer, secret.reveal()));
    record(actor, "credential-create", added, describe(added));
    return new Issued(added, secret);
  }

  /**
   * Changes what {@code edit} changes: name, scopes, projects, expiry, whether it is enabled.
   *
   * @throws IllegalArgumentException with one sentence, if a value is wrong
   */
  public Credential edit(Actor actor, Credential before, UnaryOperator<Credential> edit) {
    Credential after = store.change(before.id(), current -> notOwn(edit.apply(notOwn(current))));
    record(actor, "credential-edit", after, describe(after));
    return after;
  }

  /**
   * Adds a second live secret.
   *
   * @throws IllegalArgumentException with one sentence, if there are two already
   */
  public Issued rotate(Actor actor, Credential credential) {
    Credential rotated = notOwn(credential);
    Secret secret = secret();
    String id = newId();
    Credential after =
        store.addSecret(rotated.id(), id, fingerprint(sealer, secret.reveal()), clock.instant());
    record(actor, "credential-rotate", after, "New secret " + id + ".");
    return new Issued(after, secret);
  }

  /**
   * Ends one live secret, and every token that was given for it.
   *
   * @param secretId which one; null for all but the newest
   * @throws IllegalArgumentException with one sentence, if there is no such secret or no other
   */
  public Credential retire(Actor actor, Credential credential, @Nullable String secretId) {
    Credential after = store.retire(credential.id(), secretId);
    record(
        actor,
        "credential-retire",
        after,
        "Live secrets left: " + after.secrets().stream().map(Credential.LiveSecret::id).toList());
    return after;
  }

  /**
   * Deletes a credential.
   *
   * @param withData whether what it sent goes with it, or stays to be read by people
   */
  public void delete(Actor actor, Credential credential, boolean withData) {
    if (store.delete(credential.id(), withData, clock.instant())) {
      long erased = withData ? store.erase(clock.instant()) : 0;
      record(
          actor,
          "credential-delete",
          credential,
          withData ? "With what it sent: " + erased + " entities." : "What it sent stays.");
    }
  }

  static byte[] fingerprint(Sealer sealer, String secret) {
    return sealer.fingerprint("receive-secret", secret);
  }

  private static Credential checked(Credential credential) {
    String name = credential.name();
    if (name.isBlank()
        || name.length() > NAME_CHARACTERS
        || !name.equals(name.strip())
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "The name of a credential has 1 to " + NAME_CHARACTERS + " characters on one line.");
    }
    int length = 0;
    for (String project : credential.projects()) {
      if (!PROJECT.matcher(project).matches()) {
        throw new IllegalArgumentException(
            "'" + project + "' is not the key of a project, such as ABC.");
      }
      length += project.length() + 1;
    }
    if (length > PROJECTS_CHARACTERS) {
      throw new IllegalArgumentException("These are too many projects for one credential.");
    }
    return credential;
  }

  /**
   * Returns the server's own credential, made anew where there is none that will live for a while;
   * its secret is in memory alone. It may report builds of one project that nobody else may report
   * on, and nothing else.
   */
  public synchronized Issued ownForRoundTrip() {
    Issued known = own;
    Instant now = clock.instant();
    if (known != null
        && store
            .byClientId(known.credential().clientId())
            .filter(stored -> stored.credential().lives(now.plus(OWN_REST)))
            .isPresent()) {
      return known;
    }
    store.find(Credential.OWN_NAME).ifPresent(left -> delete(MONITOR, left, true));
    Credential wanted =
        new Credential(
            0,
            clientId(),
            Credential.OWN_NAME,
            Set.of(
                new Scope(DataType.BUILDS, Scope.Action.READ),
                new Scope(DataType.BUILDS, Scope.Action.WRITE),
                new Scope(DataType.BUILDS, Scope.Action.DELETE)),
            Set.of(Credential.OWN_PROJECT),
            true,
            now.plus(OWN_LIFE),
            now,
            null,
            List.of());
    Secret secret = secret();
    Issued issued =
        new Issued(store.add(wanted, newId(), fingerprint(sealer, secret.reveal())), secret);
    record(MONITOR, "credential-create", issued.credential(), describe(issued.credential()));
    own = issued;
    return issued;
  }

  /** Deletes the server's own credential, if this node made one, with all it sent. */
  public synchronized void endOwn() {
    Issued known = own;
    own = null;
    if (known != null) {
      delete(MONITOR, known.credential(), true);
    }
  }

  private static Credential notOwn(Credential credential) {
    if (credential.own() || credential.name().equalsIgnoreCase(Credential.OWN_NAME)) {
      throw new IllegalArgumentException(
          "The name "
              + Credential.OWN_NAME
              + " and the project "
              + Credential.OWN_PROJECT
              + " are the server's own; choose others.");
    }
    return checked(credential);
  }

  private static String describe(Credential credential) {
    return "Name '"
        + credential.name()
        + "', scopes "
        + Scope.join(credential.scopes())
        + ", projects "
        + (credential.projects().isEmpty() ? "all" : new TreeSet<>(credential.projects()))
        + ", expires "
        + (credential.expires() == null ? "never" : credential.expires())
        + (credential.enabled() ? "." : ", disabled.");
  }

  private void record(Actor actor, String action, Credential credential, String detail) {
    audit.record(
        AuditEvent.builder(clock.instant(), actor.requestId(), action, AuditEvent.Outcome.ALLOWED)
            .consumer(credential.clientId())
            .person(actor.name())
            .detail(detail.length() > 1900 ? detail.substring(0, 1900) + "..." : detail)
            .build());
  }

  private String clientId() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < CLIENT_ID_CHARACTERS; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private Secret secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Secret.of(SECRET_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }
}
