package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;
import tools.jackson.databind.node.ObjectNode;

/** A deployment to an environment; {@code docs/peer-facts.md} 2.5. */
public final class Deployment extends Report {
  private Deployment(ObjectNode draft) {
    super(DataType.DEPLOYMENTS, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fields of a {@link Deployment}. */
  public static final class Builder extends ReportBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Required, not negative, unique for the pipeline and environment. */
    @CanIgnoreReturnValue
    public Builder deploymentSequenceNumber(long number) {
      return put("deploymentSequenceNumber", number);
    }

    /** At most 255 characters. */
    @CanIgnoreReturnValue
    public Builder label(String text) {
      return put("label", text);
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder state(DeploymentState state) {
      return put("state", state.word());
    }

    /** Required: id and name of at most 255 characters, an absolute http(s) URL. */
    @CanIgnoreReturnValue
    public Builder pipeline(String id, String displayName, String url) {
      json.putObject("pipeline").put("id", id).put("displayName", displayName).put("url", url);
      return this;
    }

    /** Required: id and name of at most 255 characters; the id is the same for every run. */
    @CanIgnoreReturnValue
    public Builder environment(String id, String displayName, EnvironmentType type) {
      json.putObject("environment")
          .put("id", id)
          .put("displayName", displayName)
          .put("type", type.word());
      return this;
    }

    /** Issue keys or numeric issue ids; an empty collection adds nothing. */
    @CanIgnoreReturnValue
    public Builder issueKeys(Collection<String> keysOrIds) {
      return associate("issueIdOrKeys", keysOrIds);
    }

    /** Service ids or keys; an empty collection adds nothing. */
    @CanIgnoreReturnValue
    public Builder serviceIds(Collection<String> idsOrKeys) {
      return associate("serviceIdOrKeys", idsOrKeys);
    }

    /** Asks Jira to hold this deployment until its gate opens. */
    @CanIgnoreReturnValue
    public Builder initiateGating() {
      json.withArray("commands").addObject().put("command", "initiate_deployment_gating");
      return this;
    }

    /** How long the deployment took, in seconds. */
    @CanIgnoreReturnValue
    public Builder durationSeconds(long seconds) {
      return put("duration", seconds);
    }

    /**
     * Throws {@link InvalidReportException} where a field is missing or breaks its limit, or where
     * the associations hold more than 500 values together.
     */
    public Deployment build() {
      return new Deployment(json);
    }
  }
}
