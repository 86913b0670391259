"""Words that say nothing of what somebody looks for ("can I get a …"), for the finder of the front page.

A word is left out if it is typed as it stands here, or without its marks: "cho" (for) is, "chó" (dog) is not. Where a
language has no list, nothing is left out, and the rarest words of a question decide what it is about.
"""

from collections.abc import Mapping

STOP_WORDS: Mapping[str, str] = {
    "en": """
        a about am an and any anybody anyone are as at be been but by can cannot can't could did didn't do
        does doesn't don't for from get getting got had has have having he her here hers him his how i if i'm
        in into is isn't it its just like me my need of on one or our ours please she should so some somebody
        someone still than that the their them there these they this those to today tomorrow too us want was
        we were what what's when where where's which who whom whose why will with won't work working works
        would you your yours
    """,
    "es": """
        a al alguien algún alguna algunas alguno algunos ahora aquí así aún como cómo con cual cuál cuales
        cuáles cuando cuándo cuanto cuánto de del desde donde dónde e el él ella ellas ellos en es esa ese eso
        esta está están este esto estoy ha hace hacer haber hacen han hay he hoy la las le les lo los mañana
        me mi mis muy necesito nada ni no nos nuestra nuestro o para pero podemos poder por porque puede
        pueden puedo que qué quién quiero se sé ser si sí sigue sin sobre solo son soy su sus también te tengo
        ti tiene todavía tu tú tus u un una unas uno unos usted va voy y ya yo funciona funcionan
    """,
    "fr": """
        a à ai aller alors au aujourd'hui aussi aux avec avez avoir avons c ça ce cela ces cet cette chez
        comment comme d dans de demain depuis des dois doit donc du elle elles en encore est et être eux faire
        fait faut il ils j je jusqu l la là le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous
        on ont or ou où par pas peut peux peut-on plus pour pourquoi pouvez puis-je puis qu quand que quel
        quelle quelles quels qui quoi s sa sans se ses si son sont suis sur t ta te tes toi ton tu un une va
        vais vos votre vous veux voudrais y fonctionne fonctionnent marche
    """,
    "vi": """
        à ạ ai anh bạn bao bây bị bởi các cái cần chị chỉ cho chúng chưa có còn của cũng đã đang đâu đây đến
        để đi đó được em gì giờ hay hoặc hôm khi không là lại làm lúc mà mấy mình mọi một mai muốn nào nay này
        nên nếu nhỉ như những nữa ở ông phải quý rồi sao sẽ ta tại theo thế thì tôi tới trên trong từ và vào
        vẫn vậy về vị với xin
    """,
    "ar": """
        أ إذا إلى الآن التي الذي الى أم أن إن أنا أنت أو أي أين أريد استطيع أستطيع ألا بعد بدي به بها تم ثم
        حتى حين ذلك سوف شو على عليه عن عند عندي فقط في فيه فيها قد كل كم كما كيف لا لكن لم لماذا لن له لها لو
        لي ليس ليش ما ماذا متى مع ممكن من منذ نحن هذا هذه هل هنا هناك هو هي وين يا يجب يعمل تعمل يمكن يمكنني
        احتاج أحتاج اليوم غدا غدًا
    """,
}
