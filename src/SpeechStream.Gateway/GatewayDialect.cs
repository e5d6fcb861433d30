namespace SpeechStream.Gateway;

/// <summary>Which generation of NLS the events look like.</summary>
public enum GatewayDialect
{
    /// <summary>Since 2024: a sentence's status is 0, its confidence is given, and all later keys are there.</summary>
    Current,

    /// <summary>As in 2019: a sentence's status is 20000000, its confidence always 0.0, and no later key is there.</summary>
    Legacy2019,
}
