namespace SpeechStream.Cli.Doctor;

/// <summary>What was found at a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="IsGood">Null when it wasn't looked at.</param>
/// <param name="Text">What is there, or what is wrong and what to do. It has no secrets.</param>
internal sealed record Finding(Step Step, bool? IsGood, string Text)
{
    public static Finding Good(Step step, string text) => new(step, true, text);

    public static Finding Bad(Step step, string text) => new(step, false, text);

    public static Finding Skipped(Step step, string text) => new(step, null, text);
}
