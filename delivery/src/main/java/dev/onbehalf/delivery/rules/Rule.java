package dev.onbehalf.delivery.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Says which events become reports of builds or of deployments. Patterns are RE2, which no text
 * makes slow, and match a whole name; one without a stage pattern is about whole runs, one with it
 * about stages.
 */
public final class Rule {
  /** The group that names the environment of a deployment. */
  public static final String ENVIRONMENT_GROUP = "envName";

  private final boolean deployment;
  private final Pattern job;
  private final @Nullable Pattern stage;

  private Rule(boolean deployment, Pattern job, @Nullable Pattern stage) {
    this.deployment = deployment;
    this.job = job;
    this.stage = stage;
  }

  /** A rule for builds. Throws {@link IllegalArgumentException} for a pattern it cannot read. */
  public static Rule build(String job, @Nullable String stage) {
    return new Rule(false, compile(job, 0), stage == null ? null : compile(stage, 0));
  }

  /**
   * A rule for deployments, one of whose patterns has the group {@value #ENVIRONMENT_GROUP}. Throws
   * {@link IllegalArgumentException} where none has, or for a pattern it cannot read.
   */
  public static Rule deployment(String job, @Nullable String stage) {
    Rule rule = new Rule(true, compile(job, 0), stage == null ? null : compile(stage, 0));
    boolean named = rule.job.namedGroups().containsKey(ENVIRONMENT_GROUP);
    if (rule.stage != null && rule.stage.namedGroups().containsKey(ENVIRONMENT_GROUP)) {
      named = true;
    }
    if (!named) {
      throw new IllegalArgumentException(
          "A rule for deployments needs a group that names the environment, as in 'deploy to (?<envName>.+)'.");
    }
    return rule;
  }

  static Pattern compile(String text, int flags) {
    try {
      return Pattern.compile(text, flags);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is not a regular expression: %s.".formatted(text, e.getDescription()), e);
    }
  }

  boolean isDeployment() {
    return deployment;
  }

  boolean matches(CiEvent event) {
    if ((stage == null) != (event.stage() == null)) {
      return false;
    }
    return job.matches(event.job())
        && (stage == null || event.stage() == null || stage.matches(event.stage()));
  }

  /** Returns the environment of a matching event; null where the group took no part or is blank. */
  @Nullable String environment(CiEvent event) {
    String name = stage == null || event.stage() == null ? null : group(stage, event.stage());
    return name == null ? group(job, event.job()) : name;
  }

  private static @Nullable String group(Pattern pattern, String text) {
    if (!pattern.namedGroups().containsKey(ENVIRONMENT_GROUP)) {
      return null;
    }
    Matcher matcher = pattern.matcher(text);
    String name = matcher.matches() ? matcher.group(ENVIRONMENT_GROUP) : null;
    return name == null || name.isBlank() ? null : name.strip();
  }
}
