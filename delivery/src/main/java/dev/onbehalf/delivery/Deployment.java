package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A deployment to an environment; {@code spec/jira-cicd.md} section 2.7. */
public final class Deployment extends Report {
  private Deployment(ObjectNode draft) {
    super(DataType.DEPLOYMENTS, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fields of a {@link Deployment}. */
  public static final class Builder {
    private final ObjectNode json = object().put("schemaVersion", "1.0");

    private Builder() {}

    /** Required, not negative, unique for the pipeline and environment. */
    @CanIgnoreReturnValue
    public Builder deploymentSequenceNumber(long number) {
      json.put("deploymentSequenceNumber", number);
      return this;
    }

    /** The order among the updates of this deployment; by default the sender numbers it. */
    @CanIgnoreReturnValue
    public Builder updateSequenceNumber(long number) {
      json.put("updateSequenceNumber", number);
      return this;
    }

    /** Required, at most 255 characters. */
    @CanIgnoreReturnValue
    public Builder displayName(String name) {
      json.put("displayName", name);
      return this;
    }

    /** Required, at most 255 characters. */
    @CanIgnoreReturnValue
    public Builder description(String text) {
      json.put("description", text);
      return this;
    }

    /** At most 255 characters. */
    @CanIgnoreReturnValue
    public Builder label(String text) {
      json.put("label", text);
      return this;
    }

    /** Required, an absolute http(s) URL of at most 2000 characters. */
    @CanIgnoreReturnValue
    public Builder url(String url) {
      json.put("url", url);
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder state(DeploymentState state) {
      json.put("state", state.word());
      return this;
    }

    /** Required; sent with millisecond resolution. */
    @CanIgnoreReturnValue
    public Builder lastUpdated(Instant time) {
      json.put("lastUpdated", wire(time));
      return this;
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
      json.put("duration", seconds);
      return this;
    }

    /**
     * Throws {@link InvalidReportException} where a field is missing or breaks its limit, or where
     * the associations hold more than 500 values together.
     */
    public Deployment build() {
      return new Deployment(json);
    }

    private Builder associate(String type, Collection<String> values) {
      Associations.add(json, type, values);
      return this;
    }
  }

  /** Adds an association to an entity. */
  static final class Associations {
    private Associations() {}

    static void add(ObjectNode entity, String type, Collection<String> values) {
      if (values.isEmpty()) {
        return;
      }
      ObjectNode association = entity.withArray("associations").addObject();
      association.put("associationType", type);
      ArrayNode array = association.putArray("values");
      values.forEach(array::add);
    }
  }
}
