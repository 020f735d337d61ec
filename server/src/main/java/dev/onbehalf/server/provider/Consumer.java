package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.SignatureMethod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A peer that may send signed requests ({@code docs/peer-facts.md} 1.10), made and changed by
 * {@link ConsumerBuilder}, which validates it.
 *
 * @param key consumer key
 * @param name what people are shown
 * @param description what it is for; may be empty
 * @param signatureMethod the one method it may sign by
 * @param publicKeys at most two live keys, the newest first; none for HMAC
 * @param sharedSecrets at most two live secrets, the newest first; none for RSA
 * @param callbacks where people may be sent back to; with none only out-of-band dances are served
 * @param threeLegged whether people may authorise it
 * @param twoLegged whether it may act as {@code executeAs}
 * @param executeAs the user it acts as without impersonation; null where not two-legged
 * @param impersonation whether it may act as people it names
 * @param legacyFlow whether OAuth 1.0 without callback and verifier is served
 * @param applications names of the applications it may reach; empty: all
 * @param enabled whether it is served at all
 * @param limits its least privilege
 * @param created when it was added
 * @param changed when it was last changed
 */
public record Consumer(
    String key,
    String name,
    String description,
    SignatureMethod signatureMethod,
    List<ConsumerPublicKey> publicKeys,
    List<ConsumerSecret> sharedSecrets,
    List<CallbackUrl> callbacks,
    boolean threeLegged,
    boolean twoLegged,
    @Nullable String executeAs,
    boolean impersonation,
    boolean legacyFlow,
    Set<String> applications,
    boolean enabled,
    ConsumerLimits limits,
    Instant created,
    Instant changed) {

  public Consumer {
    publicKeys = List.copyOf(publicKeys);
    sharedSecrets = List.copyOf(sharedSecrets);
    callbacks = List.copyOf(callbacks);
    applications = Set.copyOf(applications);
    ConsumerRules.check(key, name, description);
    ConsumerRules.checkCredentials(signatureMethod, publicKeys, sharedSecrets);
    ConsumerRules.checkLevels(twoLegged, executeAs);
    ConsumerRules.checkLists(callbacks, applications);
  }

  /** Whether it may be used on the URL of {@code application}. */
  public boolean reaches(String application) {
    return applications.isEmpty() || applications.contains(application);
  }

  /** Whether a callback that was sent leads to a registered one. */
  boolean allowsCallback(String sent) {
    return callbacks.stream().anyMatch(callback -> callback.matches(sent));
  }

  /** Returns sentences about what is weaker here than it could be; empty for none. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (legacyFlow) {
      warnings.add(
          "OAuth 1.0 without callback and verifier is allowed: whoever starts a dance can make"
              + " another person finish it. Switch it off as soon as the peer speaks 1.0a.");
    }
    if (impersonation
        && limits.impersonation().users().isEmpty()
        && limits.impersonation().groups().isEmpty()) {
      warnings.add(
          "It may impersonate anybody"
              + (limits.impersonation().protectedPeople() ? ", protected people included" : "")
              + ". List the users or groups it needs.");
    }
    if (publicKeys.size() + sharedSecrets.size() > 1) {
      warnings.add(
          "Two keys or secrets are live. Retire the older one as soon as the peer uses the newer.");
    }
    if (threeLegged && callbacks.isEmpty()) {
      warnings.add(
          "No callback is registered, so only out-of-band codes work. Register the peer's"
              + " callback URL.");
    }
    if (!threeLegged && !twoLegged && !impersonation) {
      warnings.add("Every level is switched off, so none of its requests will be served.");
    }
    for (CallbackUrl callback : callbacks) {
      if (callback.text().startsWith("http://")) {
        warnings.add(
            "The callback " + callback + " is not https: verifiers cross the net in clear.");
      }
    }
    return warnings;
  }
}
