using System.CommandLine;
using System.CommandLine.Parsing;

namespace SpeechStream.Cli.Options;

/// <summary>The values that options take.</summary>
internal static class OptionValues
{
    /// <summary>Permits these values and no others, and says so in the help and in the error.</summary>
    public static void Allow<T>(this Option<T> option, params string[] values)
    {
        option.HelpName = string.Join('|', values);
        option.CompletionSources.Add(values);
        option.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(given => !values.Contains(given.Value)) is { } wrong)
            {
                result.AddError($"{option.Name} is {wrong.Value}. Allowed: {string.Join(", ", values[..^1])} or {values[^1]}.");
            }
        });
    }

    /// <summary>Permits whole numbers of a range.</summary>
    public static void AllowRange(this Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number >= least && number <= most))
        {
            result.AddError($"{option.Name} is {token.Value}. Allowed: {least} to {most}.");
        }
    });

    public static Uri? ParseEndpoint(ArgumentResult result) =>
        ServiceName.Find(result.Tokens[0].Value) ?? Parse(result, "wss://host/ws/v1", $", or a name: {string.Join(", ", ServiceName.All)}");

    public static Uri? ParseAddress(ArgumentResult result) => Parse(result, "https://host/", "");

    private static Uri? Parse(ArgumentResult result, string example, string orElse)
    {
        if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var endpoint))
        {
            result.AddError($"'{result.Tokens[0].Value}' is no address. Give one such as {example}{orElse}.");
        }

        return endpoint;
    }
}
