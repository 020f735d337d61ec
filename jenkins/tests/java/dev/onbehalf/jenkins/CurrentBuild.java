package dev.onbehalf.jenkins;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline sees as currentBuild: a result that is null while all is well and can only get
 * worse.
 */
public final class CurrentBuild implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final List<String> FROM_BEST_TO_WORST =
      List.of("SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED");
  private @Nullable String result;

  public @Nullable String getResult() {
    return result;
  }

  public void setResult(String result) {
    if (FROM_BEST_TO_WORST.indexOf(result) > FROM_BEST_TO_WORST.indexOf(getCurrentResult())) {
      this.result = result;
    }
  }

  public String getCurrentResult() {
    return result == null ? "SUCCESS" : result;
  }
}
