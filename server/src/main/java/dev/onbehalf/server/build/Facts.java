package dev.onbehalf.server.build;

import org.jspecify.annotations.Nullable;

/**
 * What a token says of a build, its signature checked.
 *
 * @param issuer name of the issuer
 * @param job name of the job or project, folders separated by slashes
 * @param jobPath raw path of the job below the CI's URL; empty unless it is Jenkins
 * @param branch branch it builds; null where the token names none
 * @param number number or id of the build
 * @param actor who started it as the token says; null where that is asked elsewhere
 * @param trigger what started it where nobody did; null where somebody did, or that is asked
 *     elsewhere
 * @param issuedAtSeconds when the token was made, seconds since 1970
 * @param expiresAtSeconds when it ends, seconds since 1970
 */
record Facts(
    String issuer,
    String job,
    String jobPath,
    @Nullable String branch,
    String number,
    @Nullable String actor,
    @Nullable Trigger trigger,
    long issuedAtSeconds,
    long expiresAtSeconds) {

  /** What starts builds without a person. */
  enum Trigger {
    TIMER,
    CHANGE,
    OTHER
  }

  /** Names the build for people. */
  String build() {
    return issuer + " " + job + " #" + number;
  }
}
