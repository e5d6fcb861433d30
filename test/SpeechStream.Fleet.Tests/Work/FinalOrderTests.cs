using SpeechStream.Fleet.Work;

namespace SpeechStream.Fleet.Tests.Work;

public sealed class FinalOrderTests
{
    private readonly FinalOrder _order = new();

    [Fact]
    public void A_final_result_waits_for_the_one_before()
    {
        _order.Begin(1);
        _order.Begin(2);
        _order.Begin(3);

        End(2).Should().BeEmpty();
        End(1).Should().Equal(1, 2);
        End(3).Should().Equal(3);
    }

    [Fact]
    public void At_a_confirmed_end_a_sentence_without_one_was_none()
    {
        _order.Begin(1);
        _order.Begin(2);
        End(2).Should().BeEmpty();

        _order.Complete().Select(sentence => sentence.Index).Should().Equal(2);
    }

    [Fact]
    public void Indices_that_the_service_skips_are_not_waited_for()
    {
        End(1).Should().Equal(1);
        End(3).Should().Equal(3);
    }

    private IEnumerable<int> End(int index) => _order.End(new SentenceEnd { Index = index }).Select(sentence => sentence.Index);
}
