using System.CommandLine;

namespace SpeechStream.Cli;

/// <summary>What options take.</summary>
internal static class OptionText
{
    public static bool IsCount(string text) => int.TryParse(text, out var count) && count > 0;

    public static void Allow<T>(Option<T> option, params string[] values)
    {
        option.HelpName = string.Join('|', values);
        option.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(given => !values.Contains(given.Value)) is { } wrong)
            {
                result.AddError($"{option.Name} is {wrong.Value}. Allowed: {string.Join(", ", values[..^1])} or {values[^1]}.");
            }
        });
    }
}
