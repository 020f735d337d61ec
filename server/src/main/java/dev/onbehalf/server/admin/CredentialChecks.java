package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.diagnosis.SetupFinding;
import dev.onbehalf.server.provider.Consumer;
import dev.onbehalf.server.provider.ConsumerPublicKey;
import dev.onbehalf.server.provider.ConsumerSecret;
import dev.onbehalf.server.provider.InstanceKeys.InstanceKey;
import dev.onbehalf.server.store.TinkSealer.SealingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What is weak, unused or about to end among keys, secrets and tokens. */
final class CredentialChecks {
  private static final Duration SOON = Duration.ofDays(30);
  private static final Duration ROTATION = Duration.ofDays(30);
  private static final Duration UNUSED = Duration.ofDays(180);
  private static final Duration OLD = Duration.ofDays(730);
  private static final int STRONG_BITS = 3072;
  private static final int NAMED = 10;

  private final Administration.Parts parts;
  private final Instant now;
  private final List<SetupFinding> findings = new ArrayList<>();

  CredentialChecks(Administration.Parts parts) {
    this.parts = parts;
    this.now = parts.clock().instant();
  }

  /** Looks at the consumers that are switched on. */
  List<SetupFinding> consumers() {
    List<Consumer> live = parts.provider().consumers().stream().filter(Consumer::enabled).toList();
    String legacy = named(live, Consumer::legacyFlow);
    if (!legacy.isEmpty()) {
      findings.add(
          SetupFinding.warning(
                  "consumers",
                  "OAuth 1.0 without callback and verifier is allowed for " + legacy + ".",
                  "Switch it off as soon as the peer speaks 1.0a: onbehalf consumer edit KEY"
                      + " --legacy-1.0 false.")
              .see("RFC 5849, section 4.4"));
    }
    String unfinished = named(live, this::rotationUnfinished);
    if (!unfinished.isEmpty()) {
      findings.add(
          SetupFinding.warning(
              "consumers",
              "Two keys or secrets have been live for more than "
                  + ROTATION.toDays()
                  + " days for "
                  + unfinished
                  + ".",
              "Finish the rotation: onbehalf consumer show KEY says which is used, onbehalf"
                  + " consumer retire KEY ends the older one."));
    }
    String unused = named(live, this::unused);
    if (!unused.isEmpty()) {
      findings.add(
          SetupFinding.note(
              "consumers",
              "No signature has come for " + UNUSED.toDays() + " days from " + unused + ".",
              "Remove what is not needed, or switch it off: onbehalf consumer edit KEY --enabled"
                  + " false."));
    }
    String shortKeys = named(live, CredentialChecks::shortKey);
    if (!shortKeys.isEmpty()) {
      findings.add(
          SetupFinding.note(
                  "consumers",
                  "RSA keys have less than " + STRONG_BITS + " bits for " + shortKeys + ".",
                  "Where the peer can, let it make a longer one: onbehalf consumer rotate-key.")
              .see("NIST SP 800-57 part 1, section 5.6.2"));
    }
    String sha1 = named(live, each -> each.signatureMethod() == SignatureMethod.HMAC_SHA1);
    if (!sha1.isEmpty()) {
      findings.add(
          SetupFinding.note(
                  "consumers",
                  "HMAC-SHA1, whose secret both sides hold, signs for " + sha1 + ".",
                  "Where the peer can, use RSA-SHA1, or HMAC-SHA256: onbehalf consumer edit"
                      + " KEY --method.")
              .see("RFC 5849, section 4.9"));
    }
    if (findings.isEmpty()) {
      findings.add(
          SetupFinding.fine("consumers", "Nothing is weak or left over in " + live.size() + "."));
    }
    return findings;
  }

  /** Looks at the instance's own keys and what ends soon. */
  List<SetupFinding> ownKeys() throws IOException {
    InstanceKey key = parts.keys().current();
    Instant since = Objects.requireNonNullElse(key.activated(), key.created());
    int bits = key.publicKey().getModulus().bitLength();
    if (since.isBefore(now.minus(OLD))) {
      findings.add(
          SetupFinding.note(
              "instance key",
              "The instance's own key (" + bits + " bits) is in use for " + days(since) + " days.",
              "Rotate it when convenient: onbehalf keys rotate, then --activate."));
    } else {
      findings.add(
          SetupFinding.fine(
              "instance key",
              "The instance's own key has "
                  + bits
                  + " bits and is in use for "
                  + days(since)
                  + " days."));
    }
    Path keyset = parts.configuration().dataDirectory().resolve("keyset");
    Instant changed = Files.getLastModifiedTime(keyset).toInstant();
    long published =
        parts.sealer().keys().stream()
            .filter(each -> each.state() == SealingKey.State.PUBLISHED)
            .count();
    if (published > 0 && changed.isBefore(now.minus(ROTATION))) {
      findings.add(
          SetupFinding.warning(
              "sealing keys",
              "A sealing key was published " + days(changed) + " days ago and is not used yet.",
              "Copy the keyset to the other nodes, then: onbehalf keys rotate --sealing"
                  + " --activate."));
    } else if (changed.isBefore(now.minus(OLD))) {
      findings.add(
          SetupFinding.note(
              "sealing keys",
              "The keys that seal secrets were last rotated " + days(changed) + " days ago.",
              "Rotate them when convenient: onbehalf keys rotate --sealing."));
    } else {
      findings.add(
          SetupFinding.fine(
              "sealing keys", "The keyset was last changed " + days(changed) + " days ago."));
    }
    return findings;
  }

  /** Counts the tokens that end soon. */
  List<SetupFinding> tokens() {
    int ending = parts.provider().tokensEnding(now, now.plus(SOON));
    return List.of(
        ending == 0
            ? SetupFinding.fine("access tokens", "None ends within " + SOON.toDays() + " days.")
            : SetupFinding.note(
                "access tokens",
                ending
                    + (ending == 1 ? " token ends" : " tokens end")
                    + " within "
                    + SOON.toDays()
                    + " days unless the peer renews.",
                "Where a peer does not renew, let its people authorise again in time: onbehalf"
                    + " token list names them."));
  }

  private boolean rotationUnfinished(Consumer consumer) {
    return credentials(consumer).count() > 1
        && credentials(consumer)
            .allMatch(credential -> credential.created().isBefore(now.minus(ROTATION)));
  }

  private boolean unused(Consumer consumer) {
    Instant bound = now.minus(UNUSED);
    return consumer.created().isBefore(bound)
        && credentials(consumer).map(Credential::lastTouched).allMatch(bound::isAfter);
  }

  private static boolean shortKey(Consumer consumer) {
    return consumer.publicKeys().stream()
        .anyMatch(key -> key.key().getModulus().bitLength() < STRONG_BITS);
  }

  private record Credential(Instant created, Instant lastTouched) {}

  private static Stream<Credential> credentials(Consumer consumer) {
    return Stream.concat(
        consumer.publicKeys().stream().map(CredentialChecks::of),
        consumer.sharedSecrets().stream().map(CredentialChecks::of));
  }

  private static Credential of(ConsumerPublicKey key) {
    return new Credential(key.created(), Objects.requireNonNullElse(key.lastUsed(), key.created()));
  }

  private static Credential of(ConsumerSecret secret) {
    return new Credential(
        secret.created(), Objects.requireNonNullElse(secret.lastUsed(), secret.created()));
  }

  private long days(Instant since) {
    return Math.max(0, Duration.between(since, now).toDays());
  }

  private static String named(List<Consumer> consumers, Predicate<Consumer> which) {
    List<String> keys = consumers.stream().filter(which).map(Consumer::key).toList();
    String names = String.join(", ", keys.subList(0, Math.min(NAMED, keys.size())));
    return keys.size() > NAMED ? names + " and " + (keys.size() - NAMED) + " more" : names;
  }
}
