package dev.onbehalf.server.build;

import dev.onbehalf.server.access.AccessRule;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the administrator wrote in the builds file, checked.
 *
 * @param issuers who issues tokens to builds, by their names
 * @param rules what builds may do; what no rule allows is refused
 */
record BuildSettings(Map<String, Issuer> issuers, List<Rule> rules) {
  BuildSettings {
    issuers = Map.copyOf(issuers);
    rules = List.copyOf(rules);
  }

  /** How a CI names jobs and people in its tokens. */
  enum Kind {
    JENKINS,
    GITLAB,
    GITHUB;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A CI that issues tokens to its builds.
   *
   * @param issuer value of {@code iss}
   * @param keys where its public keys are (RFC 7517)
   * @param audience value {@code aud} must have among its values
   * @param claims further claims and the values they must have
   * @param application whose upstream is asked for causes; null unless {@code kind} is Jenkins
   * @param readAs as whom it is asked; null for nobody
   * @param jobClaim claim with the URL of the job, of Jenkins alone
   * @param numberClaim claim with the number of the build, of Jenkins alone
   * @param people names there to names here
   * @param timerRunsAs as whom a build runs that a timer started; null for nobody
   * @param changesRunAs as whom a build runs that a change of the sources started; null for nobody
   */
  record Issuer(
      String name,
      Kind kind,
      String issuer,
      URI keys,
      String audience,
      Map<String, String> claims,
      @Nullable String application,
      @Nullable String readAs,
      String jobClaim,
      String numberClaim,
      Map<String, String> people,
      @Nullable String timerRunsAs,
      @Nullable String changesRunAs) {
    Issuer {
      claims = Map.copyOf(claims);
      people = Map.copyOf(people);
    }

    /**
     * Returns who somebody of the CI is here; null for nobody. At GitHub and GitLab people choose
     * their names, so that only listed ones count.
     */
    @Nullable String personOf(String ciName) {
      String listed = people.get(ciName);
      return listed != null || kind != Kind.JENKINS ? listed : ciName;
    }
  }

  /**
   * Lets builds of some jobs send some requests through some links.
   *
   * @param jobs patterns of job names such as {@code team/**}
   * @param branches patterns of branch names; none for any branch
   * @param links names of links
   */
  record Rule(
      String issuer,
      List<String> jobs,
      List<String> branches,
      List<String> links,
      List<AccessRule> allow) {
    Rule {
      jobs = List.copyOf(jobs);
      branches = List.copyOf(branches);
      links = List.copyOf(links);
      allow = List.copyOf(allow);
    }
  }
}
