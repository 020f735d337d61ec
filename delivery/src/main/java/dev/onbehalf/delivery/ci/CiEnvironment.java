package dev.onbehalf.delivery.ci;

import dev.onbehalf.delivery.KeySource;
import dev.onbehalf.delivery.KeyText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the CI server a program runs in says of the run; every fact may be missing. Immutable. */
public final class CiEnvironment {
  private final String server;
  private final Map<Fact, String> facts;

  CiEnvironment(String server, Map<Fact, String> facts) {
    this.server = server;
    this.facts = facts.isEmpty() ? Map.of() : new EnumMap<>(facts);
  }

  /** The facts of a run. */
  public enum Fact {
    /** Identifies the pipeline, the same for every run. */
    PIPELINE_ID,
    PIPELINE_NAME,
    PIPELINE_URL,
    /** A number that grows from run to run of the pipeline. */
    BUILD_NUMBER,
    BUILD_URL,
    /** What people call the run. */
    BUILD_LABEL,
    BRANCH,
    PULL_REQUEST_BRANCH,
    PULL_REQUEST_TITLE,
    PULL_REQUEST_DESCRIPTION,
    /** The branch a pull request goes to. */
    PULL_REQUEST_TARGET,
    TAG,
    COMMIT,
    /** The commit of the last successful run of this pipeline. */
    LAST_SUCCESSFUL_COMMIT,
    REPOSITORY_URL,
    DEFAULT_BRANCH,
    /** The run's state so far, as a state of builds. */
    STATE,
    ENVIRONMENT_NAME,
    ENVIRONMENT_TYPE
  }

  /**
   * Reads the variables of {@code environment}; never throws, and where no server is known says so.
   */
  public static CiEnvironment detect(Map<String, String> environment) {
    return CiServers.detect(environment);
  }

  /** Returns the name of the CI server, {@code none} where none is known. */
  public String server() {
    return server;
  }

  public Optional<String> get(Fact fact) {
    return Optional.ofNullable(facts.get(fact));
  }

  /** Returns branch, pull request and tag as texts to search for issue keys. */
  public List<KeyText> texts() {
    List<KeyText> texts = new ArrayList<>();
    add(texts, KeySource.BRANCH, Fact.BRANCH, null);
    add(texts, KeySource.PULL_REQUEST_BRANCH, Fact.PULL_REQUEST_BRANCH, null);
    add(texts, KeySource.PULL_REQUEST_TITLE, Fact.PULL_REQUEST_TITLE, "pull request");
    add(texts, KeySource.PULL_REQUEST_DESCRIPTION, Fact.PULL_REQUEST_DESCRIPTION, "pull request");
    add(texts, KeySource.TAG, Fact.TAG, null);
    return texts;
  }

  private void add(List<KeyText> texts, KeySource source, Fact fact, @Nullable String where) {
    get(fact).ifPresent(text -> texts.add(new KeyText(source, where == null ? text : where, text)));
  }
}
