using System.Globalization;

namespace SenseVoiceGateway;

/// <summary>The tokens of <c>tokens.txt</c>: a token and its number in each line. One that begins a word has a space before it.</summary>
internal static class Vocabulary
{
    /// <summary>What SentencePiece writes for the space before a word.</summary>
    private const char WordBegin = '\u2581';

    /// <param name="file">The path.</param>
    /// <param name="size">How many tokens the model has.</param>
    /// <exception cref="InvalidDataException">It isn't such a file, or belongs to another model.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static string[] Read(string file, int size)
    {
        var lines = File.ReadAllLines(file);
        if (lines.Length != size)
        {
            throw new InvalidDataException($"{file} has {lines.Length} tokens, and the model has {size}: they don't belong together.");
        }

        var tokens = new string[size];
        foreach (var line in lines)
        {
            var end = line.LastIndexOf(' ');
            if (end < 1 || !int.TryParse(line.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= size || tokens[number] is not null)
            {
                throw new InvalidDataException($"{file} isn't a list of tokens and their numbers: '{line}' is not one of each, or comes twice.");
            }

            tokens[number] = line[0] == WordBegin ? ' ' + line[1..end] : line[..end];
        }

        return tokens;
    }
}
