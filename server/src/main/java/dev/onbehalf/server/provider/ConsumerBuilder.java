package dev.onbehalf.server.provider;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.access.Permissions;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Consumer}, or a changed copy of one. What is not said is off, and a new consumer
 * is enabled, three-legged and signs by RSA-SHA1.
 */
public final class ConsumerBuilder {
  private final String key;
  private final Instant now;
  private Instant created;
  private String name = "";
  private String description = "";
  private SignatureMethod signatureMethod = SignatureMethod.RSA_SHA1;
  private List<ConsumerPublicKey> publicKeys = new ArrayList<>();
  private List<ConsumerSecret> sharedSecrets = new ArrayList<>();
  private List<CallbackUrl> callbacks = List.of();
  private boolean threeLegged = true;
  private boolean twoLegged;
  private @Nullable String executeAs;
  private boolean impersonation;
  private boolean legacyFlow;
  private Set<String> applications = Set.of();
  private boolean enabled = true;
  private Permissions permissions = Permissions.EVERYTHING;
  private ImpersonationLimits impersonationLimits = ImpersonationLimits.DEFAULT;
  private @Nullable Duration tokenLife;
  private @Nullable Duration idleLimit;

  /** Starts a new consumer, added at {@code now}. */
  public ConsumerBuilder(String key, Instant now) {
    this.key = key;
    this.now = now;
    this.created = now;
  }

  /** Starts a copy of {@code consumer} that is changed at {@code now}. */
  public ConsumerBuilder(Consumer consumer, Instant now) {
    this(consumer.key(), now);
    created = consumer.created();
    name = consumer.name();
    description = consumer.description();
    signatureMethod = consumer.signatureMethod();
    publicKeys = new ArrayList<>(consumer.publicKeys());
    sharedSecrets = new ArrayList<>(consumer.sharedSecrets());
    callbacks = consumer.callbacks();
    threeLegged = consumer.threeLegged();
    twoLegged = consumer.twoLegged();
    executeAs = consumer.executeAs();
    impersonation = consumer.impersonation();
    legacyFlow = consumer.legacyFlow();
    applications = consumer.applications();
    enabled = consumer.enabled();
    permissions = consumer.limits().permissions();
    impersonationLimits = consumer.limits().impersonation();
    tokenLife = consumer.limits().tokenLife();
    idleLimit = consumer.limits().idleLimit();
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder name(String value) {
    name = value.strip();
    return this;
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder description(String value) {
    description = value.strip();
    return this;
  }

  /** Names the method; credentials of the other kind are dropped. */
  @CanIgnoreReturnValue
  public ConsumerBuilder signatureMethod(SignatureMethod value) {
    signatureMethod = value;
    if (value.isRsa()) {
      sharedSecrets.clear();
    } else {
      publicKeys.clear();
    }
    return this;
  }

  /** Sets the only live public key. */
  @CanIgnoreReturnValue
  public ConsumerBuilder publicKey(RSAPublicKey value) {
    publicKeys.clear();
    return nextPublicKey(value);
  }

  /** Adds a public key in front of the live one, which stays valid until it is retired. */
  @CanIgnoreReturnValue
  public ConsumerBuilder nextPublicKey(RSAPublicKey value) {
    publicKeys.add(0, new ConsumerPublicKey(newId(), value, now, null));
    return this;
  }

  /** Sets the only live shared secret. */
  @CanIgnoreReturnValue
  public ConsumerBuilder sharedSecret(Secret value) {
    sharedSecrets.clear();
    return nextSharedSecret(value);
  }

  /** Adds a shared secret in front of the live one, which stays valid until it is retired. */
  @CanIgnoreReturnValue
  public ConsumerBuilder nextSharedSecret(Secret value) {
    sharedSecrets.add(0, new ConsumerSecret(newId(), value, now, null));
    return this;
  }

  /**
   * Retires a live key or secret.
   *
   * @throws IllegalArgumentException if there is none of that id
   */
  @CanIgnoreReturnValue
  public ConsumerBuilder retire(String credentialId) {
    boolean found =
        publicKeys.removeIf(credential -> credential.id().equals(credentialId))
            || sharedSecrets.removeIf(credential -> credential.id().equals(credentialId));
    if (!found) {
      throw new IllegalArgumentException(
          "The consumer has no key or secret '" + credentialId + "'.");
    }
    return this;
  }

  /** Sets the registered callbacks, each validated by {@link CallbackUrl}. */
  @CanIgnoreReturnValue
  public ConsumerBuilder callbacks(Collection<String> values) {
    callbacks = values.stream().map(CallbackUrl::new).toList();
    return this;
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder threeLegged(boolean value) {
    threeLegged = value;
    return this;
  }

  /** Allows two-legged requests as {@code user}; null switches them off. */
  @CanIgnoreReturnValue
  public ConsumerBuilder twoLegged(@Nullable String user) {
    twoLegged = user != null;
    executeAs = user;
    return this;
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder impersonation(boolean value) {
    impersonation = value;
    return this;
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder legacyFlow(boolean value) {
    legacyFlow = value;
    return this;
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder applications(Collection<String> values) {
    applications = Set.copyOf(values);
    return this;
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder enabled(boolean value) {
    enabled = value;
    return this;
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder permissions(Permissions value) {
    permissions = value;
    return this;
  }

  @CanIgnoreReturnValue
  public ConsumerBuilder impersonationLimits(ImpersonationLimits value) {
    impersonationLimits = value;
    return this;
  }

  /** Sets the highest life of a token; null leaves it to the configuration. */
  @CanIgnoreReturnValue
  public ConsumerBuilder tokenLife(@Nullable Duration value) {
    tokenLife = value;
    return this;
  }

  /** Sets how long a token may stay unused; null leaves it to the configuration. */
  @CanIgnoreReturnValue
  public ConsumerBuilder idleLimit(@Nullable Duration value) {
    idleLimit = value;
    return this;
  }

  /**
   * Returns the consumer.
   *
   * @throws IllegalArgumentException with one sentence, if it would not be valid
   */
  public Consumer build() {
    return new Consumer(
        key,
        name,
        description,
        signatureMethod,
        publicKeys,
        sharedSecrets,
        callbacks,
        threeLegged,
        twoLegged,
        executeAs,
        impersonation,
        legacyFlow,
        applications,
        enabled,
        new ConsumerLimits(permissions, impersonationLimits, tokenLife, idleLimit),
        created,
        now);
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }
}
