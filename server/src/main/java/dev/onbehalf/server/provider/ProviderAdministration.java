package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.provider.InstanceKeys.InstanceKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What administrators do with consumers and tokens; each change is audited without secrets. */
public final class ProviderAdministration {
  /** Letters and digits of a generated secret: 256 random bits. */
  private static final int GENERATED_SECRET = 43;

  private final JdbiConsumerStore consumers;
  private final JdbiAccessTokenStore tokens;
  private final ChangeFeed feed;
  private final UsageLog usage;
  private final Directory directory;
  private final Set<String> applications;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final InstanceKeys instanceKeys;

  ProviderAdministration(
      JdbiConsumerStore consumers,
      JdbiAccessTokenStore tokens,
      ChangeFeed feed,
      UsageLog usage,
      Directory directory,
      Set<String> applications,
      AuditTrail audit,
      InstantSource clock,
      InstanceKeys instanceKeys) {
    this.consumers = consumers;
    this.tokens = tokens;
    this.feed = feed;
    this.usage = usage;
    this.directory = directory;
    this.applications = Set.copyOf(applications);
    this.audit = audit;
    this.clock = clock;
    this.instanceKeys = instanceKeys;
  }

  /**
   * Who changes something.
   *
   * @param name for the audit trail
   * @param requestId the request it belongs to
   * @param remoteAddress the client's address; null where none takes part
   */
  public record Actor(String name, String requestId, @Nullable String remoteAddress) {}

  /** Returns all consumers in the order of their keys. */
  public List<Consumer> consumers() {
    usage.flush();
    return consumers.all();
  }

  /** Finds a consumer by its key. */
  public Optional<Consumer> consumer(String key) {
    usage.flush();
    return consumers.find(key);
  }

  /**
   * A shared secret at the one moment it is shown.
   *
   * @param credentialId our own id of it
   */
  public record NewSecret(Consumer consumer, String credentialId, Secret secret) {}

  /** Starts a consumer, to be completed and given to {@link #add}. */
  public ConsumerBuilder newConsumer(String key) {
    return new ConsumerBuilder(key, clock.instant());
  }

  /**
   * Adds a consumer.
   *
   * @throws IllegalArgumentException with one sentence, if its key is taken, or the user it runs as
   *     or one of its applications does not exist
   */
  public Consumer add(Actor actor, Consumer consumer) {
    requireKnown(null, consumer);
    consumers.add(consumer);
    feed.poll();
    record(actor, "consumer-add", consumer.key(), null, ConsumerChanges.describe(consumer));
    return consumer;
  }

  /**
   * Changes a consumer by {@code edit}, which gets it as it is now.
   *
   * @return the changed consumer
   * @throws IllegalArgumentException with one sentence, if there is none of that key or the change
   *     is not valid
   */
  public Consumer edit(Actor actor, String key, UnaryOperator<ConsumerBuilder> edit) {
    return change(actor, "consumer-edit", key, edit);
  }

  private Consumer change(
      Actor actor, String action, String key, UnaryOperator<ConsumerBuilder> edit) {
    JdbiConsumerStore.Edited edited =
        consumers.change(
            key,
            before -> {
              Consumer after = edit.apply(new ConsumerBuilder(before, clock.instant())).build();
              requireKnown(before, after);
              return after;
            });
    feed.poll();
    record(actor, action, key, null, ConsumerChanges.describe(edited.before(), edited.after()));
    return edited.after();
  }

  /**
   * Makes a second shared secret, which counts at once; the older one counts until it is retired.
   *
   * @throws IllegalArgumentException with one sentence, if there is no such consumer, it signs by
   *     RSA, or two secrets are live already
   */
  public NewSecret rotateSecret(Actor actor, String key) {
    return rotateSecret(actor, key, Secret.of(RandomText.ofLength(GENERATED_SECRET)));
  }

  /**
   * Adds a second shared secret that the peer chose.
   *
   * @throws IllegalArgumentException as {@link #rotateSecret(Actor, String)}, or if it is too short
   */
  public NewSecret rotateSecret(Actor actor, String key, Secret secret) {
    Consumer after = change(actor, "consumer-rotate", key, edit -> edit.nextSharedSecret(secret));
    return new NewSecret(after, after.sharedSecrets().get(0).id(), secret);
  }

  /**
   * Adds a second public key, which counts at once; the older one counts until it is retired.
   *
   * @throws IllegalArgumentException with one sentence, if there is no such consumer, it signs by
   *     HMAC, it has the key already, or two keys are live already
   */
  public Consumer rotateKey(Actor actor, String key, RSAPublicKey next) {
    return change(
        actor,
        "consumer-rotate",
        key,
        edit -> {
          Consumer before = edit.build();
          if (before.publicKeys().stream().anyMatch(live -> live.key().equals(next))) {
            throw new IllegalArgumentException("The consumer has this public key already.");
          }
          return edit.nextPublicKey(next);
        });
  }

  /**
   * Retires one of two live secrets or keys; what it signed is refused from now on.
   *
   * @throws IllegalArgumentException with one sentence, if there is none of that id or it is the
   *     only one
   */
  public Consumer retire(Actor actor, String key, String credentialId) {
    return change(
        actor,
        "consumer-retire",
        key,
        edit -> {
          Consumer before = edit.build();
          edit.retire(credentialId);
          requireSecond(before);
          return edit;
        });
  }

  /**
   * Retires the older of two live secrets or keys.
   *
   * @throws IllegalArgumentException with one sentence, if there is no such consumer or it has one
   *     alone
   */
  public Consumer retireOlder(Actor actor, String key) {
    return change(
        actor,
        "consumer-retire",
        key,
        edit -> {
          Consumer before = edit.build();
          requireSecond(before);
          return edit.retire(
              before.signatureMethod().isRsa()
                  ? before.publicKeys().get(1).id()
                  : before.sharedSecrets().get(1).id());
        });
  }

  /** Makes the instance's next key pair, to be published before it is used. */
  public InstanceKey prepareInstanceKey(Actor actor) {
    InstanceKey next = instanceKeys.prepareNext();
    record(actor, "instance-key-prepare", null, null, "Key " + next.id() + ".");
    return next;
  }

  /**
   * Puts the next key pair into use.
   *
   * @throws IllegalArgumentException with one sentence, if none was prepared
   */
  public InstanceKey activateInstanceKey(Actor actor) {
    InstanceKey current = instanceKeys.activateNext();
    record(actor, "instance-key-activate", null, null, "Key " + current.id() + ".");
    return current;
  }

  /**
   * Puts the previous key pair back into use.
   *
   * @throws IllegalArgumentException with one sentence, if there is none
   */
  public InstanceKey restoreInstanceKey(Actor actor) {
    InstanceKey current = instanceKeys.restorePrevious();
    record(actor, "instance-key-restore", null, null, "Key " + current.id() + ".");
    return current;
  }

  /** Destroys the previous key pairs; returns how many there were. */
  public int retireInstanceKeys(Actor actor) {
    int retired = instanceKeys.retirePrevious();
    record(actor, "instance-key-retire", null, null, retired + " keys.");
    return retired;
  }

  /** Removes a consumer with all its tokens; says whether there was one. */
  public boolean remove(Actor actor, String key) {
    boolean removed = consumers.remove(key);
    if (removed) {
      feed.poll();
      record(actor, "consumer-remove", key, null, "Its tokens went with it.");
    }
    return removed;
  }

  /**
   * Returns access tokens, the newest first.
   *
   * @param person user name; null for everybody's
   * @param consumerKey consumer; null for every consumer's
   */
  public List<AccessToken> tokens(@Nullable String person, @Nullable String consumerKey) {
    usage.flush();
    return tokens.all(person, consumerKey);
  }

  /** Counts the access tokens that end in a span of time unless they are renewed. */
  public int tokensEnding(Instant from, Instant until) {
    return tokens.countEnding(from, until);
  }

  /** Revokes a token by our own id of it; says whether there was one. */
  public boolean revoke(Actor actor, String tokenId) {
    Optional<AccessToken> token = tokens.findById(tokenId);
    boolean revoked = token.isPresent() && tokens.revoke(tokenId);
    if (revoked) {
      feed.poll();
      record(
          actor,
          "token-revoke",
          token.get().consumerKey(),
          token.get().person(),
          "Token " + tokenId + ".");
    }
    return revoked;
  }

  /** Revokes every token of a person; returns how many there were. */
  public int revokeAllOfPerson(Actor actor, String person) {
    int revoked = tokens.revokeAllOfPerson(person);
    feed.poll();
    record(actor, "token-revoke-all", null, person, revoked + " tokens.");
    return revoked;
  }

  private static void requireSecond(Consumer consumer) {
    if (consumer.publicKeys().size() + consumer.sharedSecrets().size() < 2) {
      throw new IllegalArgumentException(
          "That is the consumer's only key or secret; add the next one first, or switch the"
              + " consumer off.");
    }
  }

  private void requireKnown(@Nullable Consumer before, Consumer after) {
    String user = after.executeAs();
    boolean sameUser = before != null && Objects.equals(user, before.executeAs());
    if (user != null && !sameUser && directory.find(user).isEmpty()) {
      throw new IllegalArgumentException(
          "The user '" + user + "' to run as is not in the directory.");
    }
    for (String application : after.applications()) {
      boolean listed = before != null && before.applications().contains(application);
      if (!listed && !applications.contains(application)) {
        throw new IllegalArgumentException(
            "There is no application '" + application + "' in the configuration.");
      }
    }
  }

  private void record(
      Actor actor,
      String action,
      @Nullable String consumer,
      @Nullable String actedAs,
      String detail) {
    audit.record(
        AuditEvent.builder(clock.instant(), actor.requestId(), action, AuditEvent.Outcome.ALLOWED)
            .consumer(consumer)
            .person(actor.name())
            .actedAs(actedAs)
            .detail(detail)
            .remoteAddress(actor.remoteAddress())
            .build());
  }
}
