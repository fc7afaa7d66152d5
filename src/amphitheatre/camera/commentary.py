"""What is said during the demo's operation: the floor in Chinese, its interpretations beside it.

Sentence n of each language says the same. Nobody in it is real.
"""

from typing import Final

COMMENTARY: Final[dict[str, list[str]]] = {
    "zh": [
        "各位同道，下午好。这里是手术室，我们正在进行荧光导航下的肝细胞癌切除术。",
        "患者昨天静脉注射了吲哚菁绿，每公斤零点五毫克。",
        "左边是白光画面，右边是荧光画面，肿瘤呈明亮的绿色。",
        "现在我用左手的抓钳轻轻提起肝脏的下缘，下方可以看到胆囊。",
        "胆囊也有荧光，因为吲哚菁绿经胆汁排泄，请不要把它误认为肿瘤。",
        "肿瘤旁边还有一个小的亮点，直径大约四毫米，我们把它一并切除。",
        "切缘距离肿瘤一厘米，我沿着荧光边界做标记。",
        "接下来阻断肝门十五分钟，然后开始切开肝实质。",
        "出血很少，视野清楚，患者的血压和心率都很稳定。",
        "如果大家有问题，请用中文、英文或者法文提出，我们会在止血时回答。",
    ],
    "en": [
        "Good afternoon, colleagues. This is the operating theatre, with a fluorescence-guided liver resection.",
        "Yesterday the patient received indocyanine green, half a milligram per kilogram.",
        "White light on the left, fluorescence on the right: the tumour is bright green.",
        "My left grasper lifts the lower edge of the liver; below you see the gallbladder.",
        "It glows as well, because the dye leaves with the bile. Do not take it for a tumour.",
        "Beside the tumour is a small bright spot, four millimetres wide; we remove it too.",
        "The margin is one centimetre. I mark it along the edge of the fluorescence.",
        "Next we clamp the hilum for fifteen minutes and divide the liver tissue.",
        "Very little bleeding, a clear view; pressure and heart rate are stable.",
        "Please ask in Chinese, English or French; we will answer during haemostasis.",
    ],
    "fr": [
        "Chers confrères, bonjour. Ici le bloc opératoire, pour une résection du foie guidée par fluorescence.",
        "Hier, la patiente a reçu du vert d'indocyanine, un demi-milligramme par kilo.",
        "À gauche la lumière blanche, à droite la fluorescence : la tumeur est vert vif.",
        "Ma pince gauche soulève le bord inférieur du foie ; dessous, la vésicule biliaire.",
        "Elle brille aussi, car le colorant part avec la bile. Ne la prenez pas pour une tumeur.",
        "À côté de la tumeur, un petit point brillant de quatre millimètres ; nous l'enlevons aussi.",
        "La marge est d'un centimètre. Je la marque le long de la fluorescence.",
        "Ensuite, clampage du pédicule pendant quinze minutes, puis section du foie.",
        "Très peu de saignement, une vue claire ; tension et pouls sont stables.",
        "Posez vos questions en chinois, en anglais ou en français ; nous répondrons pendant l'hémostase.",
    ],
}
