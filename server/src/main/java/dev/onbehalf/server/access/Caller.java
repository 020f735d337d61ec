package dev.onbehalf.server.access;

import dev.onbehalf.server.people.Person;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a correctly signed request runs.
 *
 * @param person as whom the upstream shall see it
 * @param consumerKey the consumer that signed
 * @param mode how the consumer came by the person
 * @param tokenId our own id of the access token; null without one
 * @param credentialId our own id of the key or secret the signature fits
 */
public record Caller(
    Person person, String consumerKey, Mode mode, @Nullable String tokenId, String credentialId) {

  /** How the consumer came by the person. */
  public enum Mode {
    THREE_LEGGED,
    TWO_LEGGED,
    IMPERSONATED
  }
}
