using System.Globalization;
using System.Text;

namespace SpeechStream.Captions.Text;

/// <summary>A text, and the units that lines are made of. Each unit fits into the first line of a cue.</summary>
internal sealed class SpokenText
{
    private readonly List<TextUnit> _units = [];
    private readonly Cluster[] _clusters;
    private readonly int[] _columns;

    /// <param name="text">The text.</param>
    /// <param name="style">The length of lines.</param>
    /// <param name="speaker">Who speaks; stands before the first line of a cue.</param>
    public SpokenText(string text, CaptionStyle style, string? speaker)
    {
        Text = Clean(text);
        Style = style;
        Indent = speaker is null ? 0 : Math.Min(Cluster.Split(speaker, style.IsEastAsian).Sum(cluster => cluster.Width) + 2, style.Columns / 2);
        _clusters = Cluster.Split(Text, style.IsEastAsian);
        LineBreaks.Resolve(_clusters);
        _columns = new int[_clusters.Length + 1];
        for (var i = 0; i < _clusters.Length; i++)
        {
            _columns[i + 1] = _columns[i] + _clusters[i].Width;
        }

        AddUnits();
    }

    public string Text { get; }

    public CaptionStyle Style { get; }

    /// <summary>The columns that the speaker's name takes in the first line of a cue.</summary>
    public int Indent { get; }

    public IReadOnlyList<TextUnit> Units => _units;

    /// <summary>Makes one line that can be shown: control characters and line breaks become spaces, and half a surrogate pair the replacement character.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var character in text.EnumerateRunes())
        {
            var isControl = Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            clean.Append(isControl ? " " : character.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>The text of some units, with the white space between them.</summary>
    public string Slice(int from, int to) => Text[_units[from].Start.._units[to - 1].End];

    /// <summary>The columns of some units, with the white space between them.</summary>
    public int Width(int from, int to) => _units[to - 1].Column + _units[to - 1].Width - _units[from].Column;

    private void AddUnits()
    {
        var first = SkipSpaces(0);
        for (var last = first; last < _clusters.Length;)
        {
            var next = SkipSpaces(last + 1);
            var kind = next == _clusters.Length ? BreakKind.Sentence : LineBreaks.Between(_clusters, Text, last, next);
            if (kind is { } allowed)
            {
                AddFitting(first, last + 1, allowed);
                first = next;
            }

            last = next;
        }
    }

    /// <summary>Adds one unit, or several if it is longer than a line.</summary>
    private void AddFitting(int first, int end, BreakKind after)
    {
        var most = Style.Columns - Indent;
        if (_columns[end] - _columns[first] > most)
        {
            for (var i = first + 1; i < end; i++)
            {
                if (_clusters[i].Kind == CharacterKind.Space || _columns[i + 1] - _columns[first] > most)
                {
                    Add(first, i, BreakKind.Emergency);
                    first = i = SkipSpaces(i);
                }
            }
        }

        Add(first, end, after);
    }

    private void Add(int first, int end, BreakKind after) => _units.Add(new(
        _clusters[first].Start, end == _clusters.Length ? Text.Length : _clusters[end].Start, _columns[first], _columns[end] - _columns[first], after));

    private int SkipSpaces(int cluster)
    {
        while (cluster < _clusters.Length && _clusters[cluster].Kind == CharacterKind.Space)
        {
            cluster++;
        }

        return cluster;
    }
}
