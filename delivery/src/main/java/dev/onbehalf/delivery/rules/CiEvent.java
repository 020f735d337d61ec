package dev.onbehalf.delivery.rules;

import dev.onbehalf.delivery.BuildState;
import dev.onbehalf.delivery.DeploymentState;
import dev.onbehalf.delivery.KeyText;
import dev.onbehalf.delivery.TestInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a CI server announced of a run or of one of its stages.
 *
 * @param job the full name of the job or pipeline
 * @param stage the stage, task or environment it is about, null for the run as a whole
 * @param run which run it is
 * @param state how it stands
 * @param tests the tests counted so far, null where not told
 * @param commit what is built, null where not told
 * @param texts where issue keys may be
 */
public record CiEvent(
    String job,
    @Nullable String stage,
    Run run,
    State state,
    @Nullable TestInfo tests,
    @Nullable Commit commit,
    List<KeyText> texts) {

  public CiEvent {
    texts = List.copyOf(texts);
  }

  /**
   * A run.
   *
   * @param number the same for every event of the run, and growing from run to run
   * @param url where people see the run, absolute
   * @param jobUrl where people see the job, absolute
   */
  public record Run(long number, String url, String jobUrl) {}

  /**
   * A state, in the words of builds and in those of deployments.
   *
   * @param build as a state of a build
   * @param deployment as a state of a deployment
   * @param since when it was reached
   */
  public record State(BuildState build, DeploymentState deployment, Instant since) {}

  /**
   * A commit.
   *
   * @param id its id
   * @param repositoryUrl the web address of its repository
   */
  public record Commit(String id, String repositoryUrl) {}
}
