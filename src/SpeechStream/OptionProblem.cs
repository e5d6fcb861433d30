namespace SpeechStream;

/// <summary>What is wrong with an option.</summary>
/// <param name="Option">The name of the option.</param>
/// <param name="Text">The rest of the sentence that begins with the option.</param>
/// <param name="IsOutOfRange">Whether the value isn't within the bounds that the text gives.</param>
internal sealed record OptionProblem(string Option, string Text, bool IsOutOfRange)
{
    public string Message => $"{Option} {Text}";
}
