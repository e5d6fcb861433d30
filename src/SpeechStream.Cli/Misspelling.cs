using System.CommandLine;
using System.CommandLine.Parsing;

namespace SpeechStream.Cli;

/// <summary>What is said about a word of the command line that nothing is called.</summary>
internal static class Misspelling
{
    private const int MostErrors = 2;

    /// <summary>Takes nothing for a value that looks like an option. A file of such a name is given with its folder.</summary>
    public static Argument<T> WithoutOptions<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value is ['-', _, ..]) is { } option)
            {
                result.AddError(OfOption(option.Value, ((CommandResult)result.Parent!).Command));
            }
        });
        return argument;
    }

    /// <summary>An option that the command lacks.</summary>
    public static string OfOption(string given, Command command)
    {
        var name = given.Split('=')[0];
        var ofAll = command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive));
        var options = command.Options.Concat(ofAll).ToList();
        var names = options.Select(option => option.Name).Append("--help").Distinct().ToList();
        var said = $"{name} is no option{(command is RootCommand ? "" : $" of {command.Name}")}.";
        if (File.Exists(given))
        {
            return $"{said} The file of that name is given as .{Path.DirectorySeparatorChar}{given}.";
        }

        // The options of a command aren't known before its name.
        return options.Any(option => option.Name == name || option.Aliases.Contains(name)) ? $"{name} stands behind {command.Name}, and not before it."
            : Nearest(name, names) is { } nearest ? $"{said} Did you mean {nearest}?" : $"{said} There are {string.Join(", ", names)}.";
    }

    /// <summary>A word of the command line in the place of a command, which is none.</summary>
    public static string OfCommand(string given, Command parent)
    {
        var names = parent.Subcommands.Select(command => command.Name).ToList();
        return parent.Options.FirstOrDefault(option => option.Name == $"--{given}") is { } option ? $"'{given}' is no command. Did you mean {option.Name}?"
            : Nearest(given, names) is { } nearest ? $"'{given}' is no command. Did you mean {nearest}?"
            : parent is RootCommand && File.Exists(given) ? $"'{given}' is no command. Did you mean: speechstream transcribe {FileName.Quoted(given)}?"
            : $"'{given}' is no command. There are {string.Join(", ", names.SkipLast(1))} and {names[^1]}.";
    }

    private static string? Nearest(string given, IReadOnlyList<string> names)
    {
        var letters = given.TrimStart('-');
        return letters.Length == 0 ? null
            : names.FirstOrDefault(name => name.TrimStart('-').StartsWith(letters, StringComparison.OrdinalIgnoreCase))
                ?? names.Select(name => (Name: name, Errors: Distance(letters, name.TrimStart('-'))))
                    .Where(near => near.Errors <= MostErrors)
                    .OrderBy(near => near.Errors)
                    .Select(near => near.Name)
                    .FirstOrDefault();
    }

    /// <summary>Letters to put in, to leave out and to exchange, after Levenshtein.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= to.Length; j++)
            {
                var exchanged = diagonal + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(exchanged, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
