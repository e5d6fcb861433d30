using System.Globalization;

namespace SenseVoiceGateway;

/// <summary>What the export script of sherpa-onnx wrote into the model's file.</summary>
internal sealed class ModelMetadata
{
    private const string LanguagePrefix = "lang_";

    private readonly Dictionary<string, string> _values;
    private readonly string _file;

    /// <exception cref="InvalidDataException">It isn't the metadata of such a model.</exception>
    public ModelMetadata(Dictionary<string, string> values, string file)
    {
        _values = values;
        _file = file;
        VocabularySize = Integer("vocab_size");
        WindowSize = Integer("lfr_window_size");
        WindowShift = Integer("lfr_window_shift");
        SampleScale = Integer("normalize_samples") == 0 ? 1 : 1 / 32768f;
        WithNormalization = Integer("with_itn");
        WithoutNormalization = Integer("without_itn");
        NegativeMean = Numbers("neg_mean");
        InverseDeviation = Numbers("inv_stddev");
        BlankToken = _values.ContainsKey("blank_id") ? Integer("blank_id") : 0;
        if (WindowSize < 1 || WindowShift < 1 || NegativeMean.Length != WindowSize * FilterBank.Bins || InverseDeviation.Length != NegativeMean.Length)
        {
            throw new InvalidDataException($"{_file} isn't a SenseVoice model: its windows have {WindowSize} frames, and its means and deviations {NegativeMean.Length} and {InverseDeviation.Length} values.");
        }
    }

    public int VocabularySize { get; }

    public int BlankToken { get; }

    /// <summary>How many frames of the filter bank become one of the model, and how many it moves on.</summary>
    public int WindowSize { get; }

    public int WindowShift { get; }

    /// <summary>What 16-bit samples are multiplied by.</summary>
    public float SampleScale { get; }

    public float[] NegativeMean { get; }

    public float[] InverseDeviation { get; }

    public int WithNormalization { get; }

    public int WithoutNormalization { get; }

    /// <summary>The number of a language, as <c>auto</c> or <c>yue</c>.</summary>
    /// <exception cref="ArgumentException">The model has no such language.</exception>
    public int NumberOf(string language)
    {
        var languages = _values.Keys.Where(key => key.StartsWith(LanguagePrefix, StringComparison.Ordinal)).Select(key => key[LanguagePrefix.Length..]).Order();
        return _values.ContainsKey(LanguagePrefix + language)
            ? Integer(LanguagePrefix + language)
            : throw new ArgumentException($"The model has no language '{language}', only {string.Join(", ", languages)}.");
    }

    private int Integer(string key) =>
        int.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable(key);

    private float[] Numbers(string key) =>
        [.. Text(key).Split(',').Select(text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable(key))];

    private string Text(string key) =>
        _values.TryGetValue(key, out var text) ? text : throw new InvalidDataException($"{_file} isn't a SenseVoice model that sherpa-onnx exported: its metadata has no '{key}'.");

    private InvalidDataException Unreadable(string key) => new($"{_file} isn't a SenseVoice model that sherpa-onnx exported: '{key}' in its metadata isn't a number.");
}
