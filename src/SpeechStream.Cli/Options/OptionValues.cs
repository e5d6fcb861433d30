using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Options;

/// <summary>The values that options take.</summary>
internal static class OptionValues
{
    private const int LongestTime = 100_000;

    /// <summary>Permits these values and no others, and says so in the help and in the error.</summary>
    public static void Allow<T>(this Option<T> option, params string[] values)
    {
        option.HelpName = string.Join('|', values);
        option.CompletionSources.Add(values);
        option.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(given => !values.Contains(given.Value)) is { } wrong)
            {
                var repeated = wrong.Value.Contains(',', StringComparison.Ordinal) && typeof(T).IsArray ? $" For several, repeat it: {string.Join(' ', wrong.Value.Split(',').Select(one => $"{option.Name} {one}"))}." : "";
                result.AddError($"{option.Name} is {wrong.Value}. Allowed: {(values is [var only] ? only : $"{string.Join(", ", values[..^1])} or {values[^1]}")}.{repeated}");
            }
        });
    }

    /// <summary>Refuses an empty value, as that of a shell's variable that isn't set.</summary>
    public static Option<string?> NotEmpty(this Option<string?> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError($"{option.Name} is empty. Give a value, or leave the option out.");
            }
        });
        return option;
    }

    /// <summary>Permits whole numbers of a range.</summary>
    public static void AllowRange(this Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number >= least && number <= most))
        {
            result.AddError($"{option.Name} is {token.Value}. Allowed: {least} to {most}.");
        }
    });

    /// <summary>A whole number of at least 1.</summary>
    public static Option<int?> Count(string name, string description, params string[] aliases)
    {
        var option = new Option<int?>(name, aliases) { Description = description, HelpName = "N" };
        option.Validators.Add(result => RequireNumber(result, name, 1));
        return option;
    }

    /// <summary>Refuses what isn't a whole number of at least a minimum.</summary>
    public static void RequireNumber(SymbolResult result, string name, int least)
    {
        if (result.Tokens is [var given] && !(int.TryParse(given.Value, CultureInfo.InvariantCulture, out var number) && number >= least))
        {
            result.AddError($"{name} is {given.Value}. Allowed: {least} or more.");
        }
    }

    /// <summary>A time of at least 0, in the unit that the help names.</summary>
    public static Option<double?> Time(string name, string unit, string description) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) || !(time is >= 0 and <= LongestTime))
            {
                result.AddError(FormattableString.Invariant($"{name} is {text}. Allowed: 0 to {LongestTime} {unit.ToLowerInvariant()}."));
            }

            return time;
        },
    };

    /// <summary>Refuses options that don't go together.</summary>
    /// <param name="command">The command that has them.</param>
    /// <param name="rule">Adds the error. It may read any option: one whose value is missing or can't be read throws, and its message is the error then.</param>
    public static void AddRule(this Command command, Action<CommandResult> rule) => command.Validators.Add(result =>
    {
        try
        {
            rule(result);
        }
        catch (InvalidOperationException unreadable)
        {
            result.AddError(unreadable.Message);
        }
    });

    /// <summary>How fast audio is sent.</summary>
    public static Option<double> Speed() => new("--speed")
    {
        Description = "How fast to send, as a multiple of real time; max is as fast as it is taken. The vendor's service expects 1.",
        HelpName = "R|max",
        DefaultValueFactory = _ => 1,
        CustomParser = ParseSpeed,
    };

    /// <summary>The rate of raw samples, and of what is sent.</summary>
    public static Option<int> SampleRate()
    {
        var rate = new Option<int>("--sample-rate") { Description = "Samples per second of raw samples, and of what is sent: 8000 for models for telephone calls.", DefaultValueFactory = _ => 16000 };
        rate.Allow("8000", "16000");
        return rate;
    }

    /// <summary>The recognition model.</summary>
    /// <param name="otherwise">Which it is without the option.</param>
    public static Option<string?> Model(string otherwise = "paraformer-realtime-v2 with DashScope; that of the app key's project with NLS") =>
        new("--model") { Description = $"Recognition model. Default: {otherwise}.", HelpName = "M" };

    /// <summary>What is written, at least one.</summary>
    public static Option<string[]> Formats()
    {
        var formats = new Option<string[]>("--format") { Description = "What to write; may be repeated.", DefaultValueFactory = _ => ["text"] };
        formats.Allow([.. Enum.GetNames<OutputFormat>().Select(name => name.ToLowerInvariant())]);
        return formats;
    }

    /// <summary>The formats that were named, each once.</summary>
    public static IReadOnlyList<OutputFormat> FormatsOf(IEnumerable<string> names) => [.. names.Distinct().Select(name => Enum.Parse<OutputFormat>(name, ignoreCase: true))];

    public static Uri? ParseEndpoint(ArgumentResult result) =>
        ServiceName.Find(result.Tokens[0].Value) ?? Parse(result, ["wss", "ws"], "wss://host/ws/v1", $", or a name: {string.Join(", ", ServiceName.All)}");

    public static Uri? ParseAddress(ArgumentResult result) => Parse(result, ["https", "http"], "https://host/", "");

    /// <summary>A multiple, or <c>max</c>.</summary>
    public static double ParseSpeed(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "max")
        {
            return double.PositiveInfinity;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) || !(speed >= 0.1))
        {
            result.AddError($"--speed is {text}. Allowed: 0.1 and more, or max.");
        }

        return speed;
    }

    private static Uri? Parse(ArgumentResult result, string[] schemes, string example, string orElse)
    {
        // Of localhost:8080 all before the colon would be a scheme.
        if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var endpoint) || endpoint.Host.Length == 0)
        {
            result.AddError($"'{result.Tokens[0].Value}' is no address. Give one such as {example}{orElse}.");
        }

        else if (!schemes.Contains(endpoint.Scheme))
        {
            // A query may be secret, so the address isn't repeated.
            result.AddError($"{(result.Parent as OptionResult)?.Option.Name} begins with {endpoint.Scheme}. It must begin with {string.Join(", or unencrypted with ", schemes)}.");
        }

        return endpoint;
    }
}
