using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 23.</summary>
internal static partial class Notebook23
{
    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<string, int>>("23.1", "int Conditional(string text)",
            solution: text => Choose(text, (a, sign, b) => sign == ">" ? a > b : a < b),
            cases: [["(7 if 9>10 else 4)"], ["(7 if 9<10 else 4)"], ["(85 if 30>30 else 26)"], ["(85 if 30<30 else 26)"], ["(3 if 12>8 else 100)"], ["(3 if 500<8 else 100)"]],
            mistakes:
            [
                new("The value before `if` is taken when the condition holds, the one behind `else` when it does not. Yours are exchanged.", text => Choose(text, (a, sign, b) => sign == ">" ? a <= b : a >= b)),
                new("Both signs come up, < and >. Yours reads every sign as the same one.", text => Choose(text, (a, _, b) => a > b)),
                new("As texts, \"9\" comes behind \"10\". Turn the two into numbers before they are compared.",
                    text => Choose(text, (a, sign, b) => string.CompareOrdinal(Written(a), Written(b)) is var order && sign == ">" ? order > 0 : order < 0)),
                new("Equal numbers are neither greater nor smaller: then the condition does not hold.", text => Choose(text, (a, sign, b) => sign == ">" ? a >= b : a <= b)),
            ]),
        Exercise.OfFunction<Func<string, int>>("23.2", "int Part(string program)",
            solution: program => (int)(Hash(program, 14695981039346656037) % 3),
            cases: [["print(7)"], ["print(10)"], ["print(4)"], ["print((3+3))"], ["print((2+5))"], ["print((5+2))"], ["a=3;\nprint((a-9))"], ["j=8\nfor x in range(3):j+=9\nprint(j)"], ["print((1 if 2>3 else 4))"], ["b=3;\nprint((b-9))"], ["print((9*4))"], [""]],
            mistakes:
            [
                new("In FNV-1a the character is mixed in first, by exclusive or, and the product comes afterwards.", program => (int)(program.Aggregate(14695981039346656037, (hash, character) => unchecked(hash * 1099511628211) ^ character) % 3)),
                new("The hash begins with 14695981039346656037, not with 0.", program => (int)(Hash(program, 0) % 3)),
                new("Programs with the same characters in another order would share a part: a sum does not know the order. Multiply after every character.", program => program.Sum(character => character) % 3),
                new("The remainder must be that of a number without sign. With a sign, half of the hashes are negative, and so are their remainders: use `ulong`.", program => (int)(unchecked((long)Hash(program, 14695981039346656037)) % 3)),
                new("The remainder comes once, at the end. Taken after every character, it leaves a hash of only three values.", program => (int)program.Aggregate(14695981039346656037, (hash, character) => unchecked((hash ^ character) * 1099511628211) % 3)),
            ]),
        Exercise.OfFunction<Func<string[], string[], (double, double)>>("23.3", "(double, double) Score(string[] targets, string[] foretold)",
            solution: (targets, foretold) => (Right(targets, foretold) / Characters(targets), Whole(targets, foretold)),
            cases: [[new[] { "7.", "12184.", "25.", "-3." }, new[] { "7.", "12194.", "26.", "13." }], [new[] { "1.", "100000." }, new[] { "2.", "100000." }], [new[] { "44." }, new[] { "4.." }]],
            parts: ["characters", "exact"],
            mistakes:
            [
                new("Every character counts alike, and long targets have more of them. Yours is the mean of the programs' shares.",
                    (targets, foretold) => (targets.Zip(foretold, (target, answer) => Right([target], [answer]) / target.Length).Average(), Whole(targets, foretold))),
                new("The dot is a character of the target too: it must be foretold as well, and it counts.",
                    (targets, foretold) => (Right(Undotted(targets), foretold) / Characters(Undotted(targets)), Whole(targets, foretold))),
                new("An answer is exact only when all of its characters are right. Yours counts those with at least one right.",
                    (targets, foretold) => (Right(targets, foretold) / Characters(targets), targets.Zip(foretold).Count(pair => Right([pair.First], [pair.Second]) > 0) / (double)targets.Length)),
                new("Divide the right characters by the characters of all targets, not by the number of programs.", (targets, foretold) => (Right(targets, foretold) / targets.Length, Whole(targets, foretold))),
            ]),
        Exercise.OfValue("23.4", "int? mine", 2 * 10 * 10 + 64 + 10 + 10 * 10 * 10 * 2 + 10 * 10 * 4 * 2 * 10 + 10_000 * 2, mistakes:
        [
            new("Nearly: (3*2) comes up twice, once with the small factor in front and once with it behind, but it is one program. How many of the products are counted twice so?", 200 + 80 + 10 + 2000 + 8000 + 20_000),
            new("Ten letters may stand for the variable, in the operators that need one. Programs with different letters are different texts.", 200 + 64 + 10 + 200 + 800 + 20_000),
            new("Each pair, variable, loop and conditional comes with either of two signs.", 100 + 64 + 10 + 1000 + 4000 + 10_000),
            new("The small factor and the number of turns go from 1 to 4, not to 10: four times the length.", 200 + 100 + 10 + 2000 + 20_000 + 20_000),
        ]),
    ];

    private static int Choose(string text, Func<int, string, int, bool> holds)
    {
        var parts = Form().Match(text).Groups;
        return holds(Read(parts[2]), parts[3].Value, Read(parts[4])) ? Read(parts[1]) : Read(parts[5]);
    }

    private static int Read(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ulong Hash(string program, ulong start) => Encoding.UTF8.GetBytes(program).Aggregate(start, (hash, value) => unchecked((hash ^ value) * 1099511628211));

    private static double Right(string[] targets, string[] foretold) => targets.Zip(foretold).Sum(pair => pair.First.Zip(pair.Second).Count(two => two.First == two.Second));

    private static double Characters(string[] targets) => targets.Sum(target => target.Length);

    private static double Whole(string[] targets, string[] foretold) => targets.Zip(foretold).Count(pair => pair.First == pair.Second) / (double)targets.Length;

    private static string[] Undotted(string[] targets) => Array.ConvertAll(targets, target => target[..^1]);

    [GeneratedRegex(@"^\((\d+) if (\d+)([<>])(\d+) else (\d+)\)$")]
    private static partial Regex Form();
}
