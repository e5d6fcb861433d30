namespace SpeechStream.SenseVoice.Tests;

/// <summary>What isn't such a model is refused in one sentence, before a gateway listens.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sense-voice-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_that_isnt_there_is_named()
    {
        Loading(Path.Combine(_folder, "none")).Should().Throw<FileNotFoundException>().WithMessage($"There is no model at {Path.Combine(_folder, "none")}.");
        Loading(_folder).Should().Throw<FileNotFoundException>().WithMessage($"{_folder} has neither model.int8.onnx nor model.onnx.");
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "model.onnx"), "<!DOCTYPE html><html>Not Found</html>");

        Loading(_folder).Should().Throw<InvalidDataException>().WithMessage("*model.onnx isn't a model that ONNX Runtime can load: *").Which.Message.Should().NotContain("\n");
    }

    [Theory]
    [InlineData("vocab_size", "vocab_sizf", "its metadata has no 'vocab_size'.")]
    [InlineData("neg_mean", "neg_meat", "its metadata has no 'neg_mean'.")]
    [InlineData("lang_auto\u0012\u00010", "lang_auto\u0012\u0001?", "'lang_auto' in its metadata isn't a number.")]
    [InlineData("lfr_window_size\u0012\u00017", "lfr_window_size\u0012\u00016", "its windows have 6 frames, and its means and deviations 560 and 560 values.")]
    public void Metadata_that_another_model_has_is_refused(string original, string replacement, string reason)
    {
        CopyFixture(original, replacement);

        Loading(_folder).Should().Throw<InvalidDataException>().WithMessage($"*model.onnx isn't a SenseVoice model*{reason}");
    }

    [Fact]
    public void A_vocabulary_of_another_size_than_the_models_logits_is_refused()
    {
        var size = File.ReadAllLines(Path.Combine(Recordings.Words, "tokens.txt")).Length;
        CopyFixture($"vocab_size\u0012\u0002{size}", $"vocab_size\u0012\u0002{size - 1}");
        File.WriteAllLines(Path.Combine(_folder, "tokens.txt"), File.ReadAllLines(Path.Combine(Recordings.Words, "tokens.txt"))[..^1]);

        Loading(_folder).Should().Throw<InvalidDataException>().WithMessage($"*isn't a SenseVoice model that sherpa-onnx exported: it gives * numbers for 6 frames of {size - 1} tokens.");
    }

    [Fact]
    public void Tokens_of_another_model_are_refused()
    {
        CopyFixture();
        File.Delete(Path.Combine(_folder, "tokens.txt"));
        Loading(_folder).Should().Throw<FileNotFoundException>().WithMessage("*tokens.txt*");

        File.WriteAllText(Path.Combine(_folder, "tokens.txt"), "<unk> 0\n<s> 1\n");
        Loading(_folder).Should().Throw<InvalidDataException>().WithMessage("*tokens.txt has 2 tokens, and the model has *: they don't belong together.");

        File.WriteAllLines(Path.Combine(_folder, "tokens.txt"), File.ReadAllLines(Path.Combine(Recordings.Words, "tokens.txt")).Select(line => line.Split(' ')[0]));
        Loading(_folder).Should().Throw<InvalidDataException>().WithMessage("*tokens.txt isn't a list of tokens and their numbers: '<unk>' is not one of each, or comes twice.");
    }

    [Fact]
    public void A_language_that_the_model_lacks_is_refused_with_those_that_it_has() =>
        FluentActions.Invoking(() => new SenseVoiceModel(Recordings.Words, "fr")).Should().Throw<ArgumentException>()
            .WithMessage("The model has no language 'fr', only auto, en, ja, ko, nospeech, yue, zh.");

    [Fact]
    public void The_quantized_model_is_taken_if_there_are_both()
    {
        CopyFixture();
        File.Move(Path.Combine(_folder, "model.onnx"), Path.Combine(_folder, "model.int8.onnx"));
        File.WriteAllText(Path.Combine(_folder, "model.onnx"), "not this one");

        Loading(_folder).Should().NotThrow();
        Loading(Path.Combine(_folder, "model.int8.onnx")).Should().NotThrow();
        Loading(Path.Combine(_folder, "model.onnx")).Should().Throw<InvalidDataException>();
    }

    [Fact]
    public async Task A_model_is_disposed_of_when_nothing_runs_on_it()
    {
        var features = new float[FilterBank.Bins * 3000];
        for (var round = 0; round < 3; round++)
        {
            var model = new SenseVoiceModel(Recordings.Words);
            using var running = new CountdownEvent(4);
            var users = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                running.Signal();
                while (true)
                {
                    model.Recognize(features);
                }
            })).ToList();
            running.Wait(TestContext.Current.CancellationToken);

            model.Dispose();
            model.Dispose();

            foreach (var user in users)
            {
                await user.Awaiting(task => task).Should().ThrowAsync<ObjectDisposedException>();
            }
        }
    }

    private static Action Loading(string path) => () => new SenseVoiceModel(path).Dispose();

    private void CopyFixture(string original = "", string replacement = "") => Recordings.CopyWords(_folder, original, replacement);
}
